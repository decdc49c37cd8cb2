using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>A request to S3 taken apart, in path style: <c>/bucket/key?query</c>.</summary>
/// <param name="Action">The API's name for what is asked.</param>
/// <param name="Bucket">The bucket; empty where it is about all.</param>
/// <param name="Key">The key; empty where it is about the bucket.</param>
internal sealed record S3Request(string Action, string Bucket, string Key)
{
    private static readonly string[] Settings = ["publicAccessBlock", "encryption", "lifecycle", "tagging", "policy", "ownershipControls"];

    /// <summary>The setting that it is about; null for none.</summary>
    public string? Setting { get; private init; }

    public static S3Request Of(HttpRequest request)
    {
        var path = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? path : path[..slash];
        var key = slash < 0 ? "" : Uri.UnescapeDataString(path[(slash + 1)..]);
        var setting = Array.Find(Settings, request.Query.ContainsKey);
        var action = bucket.Length == 0 ? "ListBuckets"
            : key.Length == 0 ? setting is not null ? $"{Verb(request.Method)}Bucket{setting}" : OfBucket(request)
            : setting is not null ? $"{Verb(request.Method)}Object{setting}" : OfObject(request);
        return new S3Request(action, bucket, key) { Setting = setting };
    }

    /// <summary>As faults and the list of calls see it.</summary>
    public QueryForm ToForm(HttpRequest request) => QueryForm.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"Action={Action}&Bucket={Uri.EscapeDataString(Bucket)}&Key={Uri.EscapeDataString(Key)}&PartNumber={request.Query["partNumber"]}&Length={request.ContentLength}"));

    private static string OfBucket(HttpRequest request) => (request.Method, request.Query) switch
    {
        ("GET", var q) when q.ContainsKey("uploads") => "ListMultipartUploads",
        ("GET", var q) when q.ContainsKey("location") => "GetBucketLocation",
        ("GET", _) => "ListObjectsV2",
        ("HEAD", _) => "HeadBucket",
        ("PUT", _) => "CreateBucket",
        ("DELETE", _) => "DeleteBucket",
        ("POST", var q) when q.ContainsKey("delete") => "DeleteObjects",
        _ => throw Unknown(),
    };

    private static string OfObject(HttpRequest request) => (request.Method, request.Query) switch
    {
        ("POST", var q) when q.ContainsKey("uploads") => "CreateMultipartUpload",
        ("POST", var q) when q.ContainsKey("uploadId") => "CompleteMultipartUpload",
        ("PUT", var q) when q.ContainsKey("uploadId") => "UploadPart",
        ("GET", var q) when q.ContainsKey("uploadId") => "ListParts",
        ("DELETE", var q) when q.ContainsKey("uploadId") => "AbortMultipartUpload",
        ("PUT", _) => "PutObject",
        ("GET", _) => "GetObject",
        ("HEAD", _) => "HeadObject",
        ("DELETE", _) => "DeleteObject",
        _ => throw Unknown(),
    };

    private static string Verb(string method) => method switch { "PUT" => "Put", "GET" => "Get", "DELETE" => "Delete", _ => throw Unknown() };

    private static Ec2FaultException Unknown() => new("MethodNotAllowed", "The specified method is not allowed against this resource.", System.Net.HttpStatusCode.MethodNotAllowed);
}
