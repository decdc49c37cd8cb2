using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.S3.S3Reply;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>Buckets and what is set for them.</summary>
internal sealed class BucketActions(EmulatedCloud cloud)
{
    public S3Reply? Try(S3Request request, HttpRequest http, ReceivedFile body) => request.Action switch
    {
        "ListBuckets" => Of("ListAllMyBucketsResult", Group("Owner", E("ID", cloud.Options.AccountId)),
            Group("Buckets", cloud.Store.Buckets.Where(b => b.OwnerId == cloud.Options.AccountId).Select(b => Group("Bucket", E("Name", b.Name), E("CreationDate", b.CreatedAt))))),
        "CreateBucket" => Create(request.Bucket, body),
        "HeadBucket" => Head(request.Bucket),
        "GetBucketLocation" => Of("LocationConstraint", cloud.Store.Bucket(request.Bucket).Region is var region && region == "us-east-1" ? "" : region),
        "DeleteBucket" => Delete(request.Bucket),
        "DeleteObjects" => DeleteObjects(cloud.Store.Bucket(request.Bucket), body),
        _ when request.Key.Length == 0 && request.Setting is { } setting => Set(cloud.Store.Bucket(request.Bucket), setting, http.Method, body),
        _ => null,
    };

    private S3Reply Head(string name)
    {
        cloud.Store.Bucket(name);
        return new S3Reply();
    }

    private S3Reply Create(string name, ReceivedFile body)
    {
        var region = body.Length == 0 ? "us-east-1" : XDocument.Load(body.Path).Descendants().FirstOrDefault(e => e.Name.LocalName == "LocationConstraint")?.Value ?? "us-east-1";
        if (name.Length is < 3 or > 63 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '-')))
            throw new Ec2FaultException("InvalidBucketName", "The specified bucket is not valid.");
        // The name of old for the oldest region in Europe, which clients still send.
        if (region == "EU") region = "eu-west-1";
        if (region != cloud.Options.Region)
            throw new Ec2FaultException("IllegalLocationConstraintException", $"The {region} location constraint is incompatible for the region specific endpoint this request was sent to.");
        if (cloud.Store.Buckets.Find(b => b.Name == name) is { } there)
        {
            throw there.OwnerId == cloud.Options.AccountId
                ? new Ec2FaultException("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", HttpStatusCode.Conflict)
                : new Ec2FaultException("BucketAlreadyExists", "The requested bucket name is not available.", HttpStatusCode.Conflict);
        }

        cloud.Store.Buckets.Add(new EmulatedBucket { Name = name, Region = region, OwnerId = cloud.Options.AccountId, CreatedAt = cloud.Now });
        return new S3Reply { Headers = { ["Location"] = "/" + name } };
    }

    private S3Reply Delete(string name)
    {
        var bucket = cloud.Store.Bucket(name);
        if (bucket.Objects.Count > 0) throw new Ec2FaultException("BucketNotEmpty", "The bucket you tried to delete is not empty", HttpStatusCode.Conflict);
        cloud.Store.Buckets.Remove(bucket);
        return Nothing;
    }

    private static S3Reply DeleteObjects(EmulatedBucket bucket, ReceivedFile body)
    {
        var keys = XDocument.Load(body.Path).Descendants().Where(e => e.Name.LocalName == "Key").Select(e => e.Value).ToList();
        foreach (var key in keys)
        {
            if (bucket.Objects.Remove(key, out var gone)) File.Delete(gone.Path);
        }

        return Of("DeleteResult", keys.Select(key => Group("Deleted", E("Key", key))));
    }

    private static S3Reply Set(EmulatedBucket bucket, string setting, string method, ReceivedFile body)
    {
        if (method == "PUT")
        {
            bucket.Settings[setting] = File.ReadAllText(body.Path);
            return new S3Reply();
        }

        if (method == "DELETE")
        {
            bucket.Settings.Remove(setting);
            return Nothing;
        }

        return bucket.Settings.TryGetValue(setting, out var text)
            ? new S3Reply { Text = text }
            : throw new Ec2FaultException($"NoSuch{char.ToUpperInvariant(setting[0])}{setting[1..]}Configuration", $"The {setting} configuration does not exist", HttpStatusCode.NotFound);
    }
}
