using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.S3.S3Reply;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>Objects as a whole.</summary>
internal sealed class ObjectActions(EmulatedCloud cloud)
{
    public S3Reply Try(S3Request request, HttpRequest http, ReceivedFile body)
    {
        var bucket = cloud.Store.Bucket(request.Bucket);
        return request.Action switch
        {
            "ListObjectsV2" => List(bucket, http),
            "PutObject" => Put(bucket, request.Key, http, body),
            "GetObject" => Get(Find(bucket, request.Key), http),
            "HeadObject" => Get(Find(bucket, request.Key), http),
            "DeleteObject" => Delete(bucket, request.Key),
            "PutObjecttagging" => Tag(Find(bucket, request.Key), File.ReadAllText(body.Path)),
            "GetObjecttagging" => Find(bucket, request.Key).Tagging is { } tags ? new S3Reply { Text = tags } : Of("Tagging", Group("TagSet")),
            "DeleteObjecttagging" => Tag(Find(bucket, request.Key), null),
            _ => throw new Ec2FaultException("NotImplemented", $"{request.Action} is not implemented", HttpStatusCode.NotImplemented),
        };
    }

    public static EmulatedObject Find(EmulatedBucket bucket, string key) =>
        bucket.Objects.TryGetValue(key, out var found) ? found : throw new Ec2FaultException("NoSuchKey", "The specified key does not exist.", HttpStatusCode.NotFound);

    /// <summary>Headers that come back when the object is read.</summary>
    public static Dictionary<string, string> Kept(HttpRequest http) =>
        http.Headers.Where(h => h.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)).ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    private S3Reply Put(EmulatedBucket bucket, string key, HttpRequest http, ReceivedFile body)
    {
        if (http.Headers.IfNoneMatch == "*" && bucket.Objects.ContainsKey(key)) throw new Ec2FaultException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", HttpStatusCode.PreconditionFailed);
        if (bucket.Objects.Remove(key, out var old)) File.Delete(old.Path);
        var kept = Kept(http);
        foreach (var (name, value) in body.Checksums) kept[name] = value;
        bucket.Objects[key] = new EmulatedObject
        {
            Path = body.Path, Length = body.Length, ETag = body.ETag, ModifiedAt = cloud.Now, Headers = kept, ContentType = http.ContentType ?? "binary/octet-stream",
        };
        cloud.Store.Count(body.Length);
        return new S3Reply { Headers = { ["ETag"] = $"\"{body.ETag}\"", ["x-amz-server-side-encryption"] = "AES256" } };
    }

    private static S3Reply Get(EmulatedObject found, HttpRequest http)
    {
        var headers = new Dictionary<string, string>(found.Headers, StringComparer.OrdinalIgnoreCase)
        {
            ["ETag"] = $"\"{found.ETag}\"", ["Last-Modified"] = found.ModifiedAt.ToString("R", CultureInfo.InvariantCulture), ["Accept-Ranges"] = "bytes", ["Content-Type"] = found.ContentType,
            ["x-amz-server-side-encryption"] = "AES256",
        };
        if (http.Headers.Range.ToString() is { Length: > 6 } range && range.StartsWith("bytes=", StringComparison.Ordinal) && range[6..].Split('-') is [{ Length: > 0 } from, var to])
        {
            // What is asked for in part has no checksum of the whole.
            foreach (var name in headers.Keys.Where(h => h.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)).ToList()) headers.Remove(name);
            var offset = long.Parse(from, CultureInfo.InvariantCulture);
            var end = to.Length == 0 ? found.Length - 1 : Math.Min(found.Length - 1, long.Parse(to, CultureInfo.InvariantCulture));
            if (offset > end) throw new Ec2FaultException("InvalidRange", "The requested range is not satisfiable", HttpStatusCode.RequestedRangeNotSatisfiable);
            headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{end}/{found.Length}");
            return new S3Reply { Status = HttpStatusCode.PartialContent, Headers = headers, Content = (found, offset, end - offset + 1) };
        }

        if (http.Method == "HEAD") headers["Content-Length"] = found.Length.ToString(CultureInfo.InvariantCulture);
        return new S3Reply { Headers = headers, Content = (found, 0, found.Length) };
    }

    private static S3Reply Delete(EmulatedBucket bucket, string key)
    {
        if (bucket.Objects.Remove(key, out var gone)) File.Delete(gone.Path);
        return Nothing;
    }

    private static S3Reply Tag(EmulatedObject found, string? tagging)
    {
        found.Tagging = tagging;
        return tagging is null ? Nothing : new S3Reply();
    }

    private static S3Reply List(EmulatedBucket bucket, HttpRequest http)
    {
        var prefix = http.Query["prefix"].ToString();
        var delimiter = http.Query["delimiter"].ToString();
        var most = int.TryParse(http.Query["max-keys"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, 1000) : 1000;
        var after = http.Query["continuation-token"].ToString() is { Length: > 0 } token ? token : http.Query["start-after"].ToString();
        var matching = bucket.Objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0).ToList();
        var folders = delimiter.Length == 0 ? []
            : matching.Select(o => o.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is var at and >= 0 ? o.Key[..(at + delimiter.Length)] : null).OfType<string>().Distinct().ToList();
        var items = matching.Where(o => delimiter.Length == 0 || o.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) < 0).ToList();
        var page = items.Take(most).ToList();
        return Of(
            "ListBucketResult",
            E("Name", bucket.Name), E("Prefix", prefix), E("KeyCount", page.Count + folders.Count), E("MaxKeys", most), E("IsTruncated", page.Count < items.Count),
            E("NextContinuationToken", page.Count < items.Count ? page[^1].Key : null),
            page.Select(o => Group("Contents", E("Key", o.Key), E("LastModified", o.Value.ModifiedAt), E("ETag", $"\"{o.Value.ETag}\""), E("Size", o.Value.Length), E("StorageClass", "STANDARD"))),
            folders.Select(f => Group("CommonPrefixes", E("Prefix", f))));
    }
}
