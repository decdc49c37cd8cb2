using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.S3.S3Reply;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>Multipart uploads.</summary>
internal sealed class UploadActions(EmulatedCloud cloud)
{
    private const int LeastPart = 5 << 20;

    public S3Reply? Try(S3Request request, HttpRequest http, ReceivedFile body) => request.Action switch
    {
        "CreateMultipartUpload" => Create(cloud.Store.Bucket(request.Bucket), request.Key, http),
        "UploadPart" => Upload(cloud.Store.Bucket(request.Bucket), request.Key, http, body),
        "ListParts" => ListParts(cloud.Store.Bucket(request.Bucket), request.Key, http),
        "ListMultipartUploads" => ListUploads(cloud.Store.Bucket(request.Bucket), http),
        "CompleteMultipartUpload" => Complete(cloud.Store.Bucket(request.Bucket), request.Key, http, body),
        "AbortMultipartUpload" => Abort(cloud.Store.Bucket(request.Bucket), request.Key, http),
        _ => null,
    };

    private S3Reply Create(EmulatedBucket bucket, string key, HttpRequest http)
    {
        var upload = new EmulatedUpload
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), Key = key, StartedAt = cloud.Now, Headers = ObjectActions.Kept(http),
            ChecksumAlgorithm = http.Headers["x-amz-checksum-algorithm"].ToString() is { Length: > 0 } algorithm ? algorithm : null, ContentType = http.ContentType ?? "binary/octet-stream",
        };
        bucket.Uploads.Add(upload);
        return Of("InitiateMultipartUploadResult", E("Bucket", bucket.Name), E("Key", key), E("UploadId", upload.Id));
    }

    private S3Reply Upload(EmulatedBucket bucket, string key, HttpRequest http, ReceivedFile body)
    {
        var upload = Find(bucket, key, http);
        var number = int.Parse(http.Query["partNumber"].ToString(), CultureInfo.InvariantCulture);
        if (number is < 1 or > 10_000) throw new Ec2FaultException("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
        if (upload.ChecksumAlgorithm is { } algorithm && body.Checksums.Count > 0 && !body.Checksums.ContainsKey("x-amz-checksum-" + algorithm))
            throw new Ec2FaultException("InvalidRequest", $"Checksum Type mismatch occurred, expected checksum Type: {algorithm}");
        if (upload.Parts.TryGetValue(number, out var old)) File.Delete(old.Path);
        upload.Parts[number] = new EmulatedObject { Path = body.Path, Length = body.Length, ETag = body.ETag, ModifiedAt = cloud.Now, Headers = body.Checksums };
        cloud.Store.Count(body.Length);
        var reply = new S3Reply { Headers = { ["ETag"] = $"\"{body.ETag}\"" } };
        foreach (var (name, value) in body.Checksums) reply.Headers[name] = value;
        return reply;
    }

    private static S3Reply ListParts(EmulatedBucket bucket, string key, HttpRequest http)
    {
        var upload = Find(bucket, key, http);
        var after = int.TryParse(http.Query["part-number-marker"], NumberStyles.None, CultureInfo.InvariantCulture, out var marker) ? marker : 0;
        var most = int.TryParse(http.Query["max-parts"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, 1000) : 1000;
        var rest = upload.Parts.Where(p => p.Key > after).ToList();
        var page = rest.Take(most).ToList();
        return Of(
            "ListPartsResult",
            E("Bucket", bucket.Name), E("Key", key), E("UploadId", upload.Id), E("PartNumberMarker", after), E("NextPartNumberMarker", page.Count > 0 ? page[^1].Key : after),
            E("MaxParts", most), E("IsTruncated", page.Count < rest.Count), E("ChecksumAlgorithm", upload.ChecksumAlgorithm),
            page.Select(p => Group("Part", E("PartNumber", p.Key), E("LastModified", p.Value.ModifiedAt), E("ETag", $"\"{p.Value.ETag}\""), E("Size", p.Value.Length),
                p.Value.Headers.Select(h => E("Checksum" + h.Key["x-amz-checksum-".Length..].ToUpperInvariant(), h.Value)))));
    }

    private static S3Reply ListUploads(EmulatedBucket bucket, HttpRequest http)
    {
        var prefix = http.Query["prefix"].ToString();
        var (keyMarker, idMarker) = (http.Query["key-marker"].ToString(), http.Query["upload-id-marker"].ToString());
        var most = int.TryParse(http.Query["max-uploads"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, 1000) : 1000;
        var rest = bucket.Uploads.Where(u => u.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(u => u.Key, StringComparer.Ordinal).ThenBy(u => u.Id, StringComparer.Ordinal)
            .Where(u => string.CompareOrdinal(u.Key, keyMarker) > 0 || (u.Key == keyMarker && idMarker.Length > 0 && string.CompareOrdinal(u.Id, idMarker) > 0)).ToList();
        var page = rest.Take(most).ToList();
        return Of(
            "ListMultipartUploadsResult",
            E("Bucket", bucket.Name), E("Prefix", prefix), E("MaxUploads", most), E("IsTruncated", page.Count < rest.Count),
            E("NextKeyMarker", page.Count > 0 ? page[^1].Key : null), E("NextUploadIdMarker", page.Count > 0 ? page[^1].Id : null),
            page.Select(u => Group("Upload", E("Key", u.Key), E("UploadId", u.Id), E("Initiated", u.StartedAt), E("StorageClass", "STANDARD"), E("ChecksumAlgorithm", u.ChecksumAlgorithm))));
    }

    private S3Reply Complete(EmulatedBucket bucket, string key, HttpRequest http, ReceivedFile body)
    {
        var upload = Find(bucket, key, http);
        if (http.Headers.IfNoneMatch == "*" && bucket.Objects.ContainsKey(key)) throw new Ec2FaultException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", HttpStatusCode.PreconditionFailed);
        var wanted = XDocument.Load(body.Path).Root!.Elements().Where(e => e.Name.LocalName == "Part")
            .Select(e => (Number: int.Parse(Value(e, "PartNumber")!, CultureInfo.InvariantCulture), ETag: Value(e, "ETag")!.Trim('"'), Sha256: Value(e, "ChecksumSHA256"))).ToList();
        if (wanted.Count == 0) throw new Ec2FaultException("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
        var parts = new List<EmulatedObject>();
        foreach (var (part, index) in wanted.Select((part, index) => (part, index)))
        {
            if (index > 0 && part.Number <= wanted[index - 1].Number) throw new Ec2FaultException("InvalidPartOrder", "The list of parts was not in ascending order.");
            if (!upload.Parts.TryGetValue(part.Number, out var found) || found.ETag != part.ETag || (part.Sha256 is { } sum && found.Headers.GetValueOrDefault("x-amz-checksum-sha256") != sum))
                throw new Ec2FaultException("InvalidPart", "One or more of the specified parts could not be found.");
            if (index < wanted.Count - 1 && found.Length < LeastPart) throw new Ec2FaultException("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
            parts.Add(found);
        }

        var path = cloud.Store.NewFile();
        using var digests = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var part in parts) digests.AppendData(Convert.FromHexString(part.ETag));
        using (var target = File.Create(path))
        {
            foreach (var part in parts)
            {
                using var source = File.OpenRead(part.Path);
                source.CopyTo(target);
            }
        }

        if (bucket.Objects.Remove(key, out var old)) File.Delete(old.Path);
        var etag = $"{Convert.ToHexStringLower(digests.GetHashAndReset())}-{parts.Count.ToString(CultureInfo.InvariantCulture)}";
        bucket.Objects[key] = new EmulatedObject { Path = path, Length = parts.Sum(p => p.Length), ETag = etag, ModifiedAt = cloud.Now, Headers = upload.Headers, ContentType = upload.ContentType };
        Drop(bucket, upload);
        return Of("CompleteMultipartUploadResult", E("Location", $"/{bucket.Name}/{key}"), E("Bucket", bucket.Name), E("Key", key), E("ETag", $"\"{etag}\""));
    }

    private static S3Reply Abort(EmulatedBucket bucket, string key, HttpRequest http)
    {
        Drop(bucket, Find(bucket, key, http));
        return Nothing;
    }

    private static void Drop(EmulatedBucket bucket, EmulatedUpload upload)
    {
        bucket.Uploads.Remove(upload);
        foreach (var part in upload.Parts.Values) File.Delete(part.Path);
    }

    private static EmulatedUpload Find(EmulatedBucket bucket, string key, HttpRequest http) =>
        bucket.Uploads.Find(u => u.Key == key && u.Id == http.Query["uploadId"].ToString())
        ?? throw new Ec2FaultException("NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", HttpStatusCode.NotFound);

    private static string? Value(XElement part, string name) => part.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}
