using Amazon.S3;
using StratusLab.Core;
using StratusLab.Ec2.Aws;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Storage;

/// <summary>Turns what goes wrong between here and S3 into StratusLab's errors.</summary>
internal static class S3Errors
{
    public const string NoSuchBucket = "NoSuchBucket", NoSuchUpload = "NoSuchUpload", PreconditionFailed = "PreconditionFailed", Conflict = "ConditionalRequestConflict";

    public static StratusException Translate(Exception error, Ec2ClientOptions options, string action, string bucket)
    {
        if (error is AmazonS3Exception refused && refused.IsAnswer() && Meaning(refused.ErrorCode, options, action) is var (id, kind, advice))
        {
            return new HostRefusedException(id, kind, $"Host '{options.HostName}': S3 refused {action} in bucket '{bucket}': {refused.ErrorCode}: {refused.Message.TrimEnd('.')}. {advice}{Ec2Errors.Id(refused.RequestId)}", refused.ErrorCode, refused)
            {
                HostMessage = refused.Message,
                Resource = bucket,
            };
        }

        // Its calls can be made again.
        return Ec2Errors.Translate(error, options, $"{action} in bucket '{bucket}'", new QueryRequest(new Dictionary<string, string>(), isRepeatable: true, isSingle: false), requestId: null);
    }

    // Uploads in parts have no permission of their own ("Multipart upload API and permissions", Amazon S3 user guide).
    private static string Permission(string action) => action is "CreateMultipartUpload" or "UploadPart" or "CompleteMultipartUpload" ? "PutObject" : action;

    private static (string Id, StratusErrorKind Kind, string Advice)? Meaning(string? code, Ec2ClientOptions options, string action) => code switch
    {
        "AccessDenied" or "Forbidden" or "AllAccessDisabled" or "AccountProblem" => ("S3NotAuthorized", StratusErrorKind.PermissionDenied,
            $"Have an administrator of the account allow s3:{Permission(action)} on it. If another account has a bucket of this name, register the host with the setting bucket=NAME and one that is yours."),
        NoSuchBucket or "NotFound" => ("S3BucketNotFound", StratusErrorKind.NotFound, $"Make it in region '{options.Region}', or register the host without the setting bucket: then one is made."),
        "BucketAlreadyExists" => ("S3BucketTaken", StratusErrorKind.AlreadyExists, "Another account has a bucket of this name. Register the host with the setting bucket=NAME and one that is yours."),
        "PermanentRedirect" or "MovedPermanently" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => ("S3WrongRegion", StratusErrorKind.InvalidInput,
            $"A bucket belongs to one region, and an import takes it from its own: use one in '{options.Region}'."),
        NoSuchUpload or PreconditionFailed or Conflict => ("S3UploadGone", StratusErrorKind.InvalidState, "Another process was faster; try again."),
        _ => null,
    };
}
