using Amazon.Runtime;
using StratusLab.Core;
using StratusLab.Ec2.Client;

namespace StratusLab.Ec2.Errors;

/// <summary>What EC2's refusals mean, and what to do about them.</summary>
internal static class Ec2Refusals
{
    private const string EncodedMessage = "Encoded authorization failure message:";

    public static HostRefusedException Of(AmazonServiceException error, string code, Ec2ClientOptions options, string action)
    {
        var words = Words(error.Message);
        var (id, kind, advice) = Meaning(code, options, action);
        return new HostRefusedException(
            id, kind, $"Host '{options.HostName}' refused {action}: {code}: {words.TrimEnd('.')}. {advice}{Ec2Errors.Id(error.RequestId)}", code, error)
        {
            HostMessage = words,
            Resource = options.HostName,
            IsTransient = Ec2ErrorCode.IsThrottling(code) || Ec2ErrorCode.MayHaveTakenEffect(code) || (Ec2ErrorCode.IsLackOfCapacity(code) && code != "Unsupported"),
            Data = { ["RequestId"] = error.RequestId },
        };
    }

    private static (string Id, StratusErrorKind Kind, string Advice) Meaning(string code, Ec2ClientOptions options, string action) => code switch
    {
        Ec2ErrorCode.DryRunOperation => ("Ec2DryRun", StratusErrorKind.Failed, "It would have been allowed."),
        Ec2ErrorCode.UnauthorizedOperation => ("Ec2NotAuthorized", StratusErrorKind.PermissionDenied,
            $"Have an administrator of the account allow ec2:{action}, or use another profile."),
        "OptInRequired" or "SubscriptionRequired" => ("Ec2OptInRequired", StratusErrorKind.PermissionDenied,
            $"Enable region '{options.Region}' for the account, or accept the terms of the image in the AWS Marketplace."),
        "PendingVerification" or "Blocked" => ("Ec2AccountBlocked", StratusErrorKind.PermissionDenied, "AWS holds the account back; its owner must see to it in the AWS console."),
        Ec2ErrorCode.IdempotentParameterMismatch => ("Ec2TokenMismatch", StratusErrorKind.InvalidInput,
            "The same client token was used before for another request; nothing was done."),
        "OperationNotPermitted" => ("Ec2NotPermitted", StratusErrorKind.InvalidState,
            "If it is protected against termination or stopping, lift that first (aws ec2 modify-instance-attribute --no-disable-api-termination)."),
        "VcpuLimitExceeded" => ("Ec2QuotaExceeded", StratusErrorKind.NoCapacity,
            $"Ask for a higher limit of running vCPUs in '{options.Region}' (Service Quotas, Amazon EC2), or remove VMs."),
        _ when Ec2ErrorCode.IsQuota(code) => ("Ec2QuotaExceeded", StratusErrorKind.NoCapacity, "Ask for a higher limit (Service Quotas, Amazon EC2), or remove what is not needed."),
        _ when Ec2ErrorCode.IsLackOfCapacity(code) => ("Ec2CapacityLacking", StratusErrorKind.NoCapacity, "Try another instance type, availability zone or market, or try later."),
        _ when Ec2ErrorCode.IsThrottling(code) => ("Ec2Throttled", StratusErrorKind.Failed, "EC2 takes no more calls from this account for now; try again in a minute."),
        _ when Ec2ErrorCode.IsExpired(code) => ("Ec2CredentialsExpired", StratusErrorKind.PermissionDenied,
            "Sign in again ('aws sso login', or new session keys), and see that this machine's clock is right."),
        _ when Ec2ErrorCode.IsSignIn(code) => ("Ec2SignInFailed", StratusErrorKind.PermissionDenied,
            $"Check the access key and secret, that the account has region '{options.Region}' enabled, and this machine's clock."),
        _ when Ec2ErrorCode.IsPermission(code) => ("Ec2NotAuthorized", StratusErrorKind.PermissionDenied, "Have an administrator of the account allow it, or use another profile."),
        _ when code.StartsWith("InvalidAMIID", StringComparison.Ordinal) => ("Ec2ImageNotFound", StratusErrorKind.NotFound,
            $"An AMI belongs to one region: see that it exists in '{options.Region}', is available and is shared with this account."),
        _ when code.StartsWith("InvalidInstanceID", StringComparison.Ordinal) => ("VmNotFound", StratusErrorKind.NotFound, "It is gone, or belongs to another region or account."),
        _ when Ec2ErrorCode.IsNotFound(code) => ("Ec2ResourceNotFound", StratusErrorKind.NotFound, $"See that it exists in '{options.Region}' in this account."),
        _ when Ec2ErrorCode.IsDuplicate(code) => ("Ec2ResourceExists", StratusErrorKind.AlreadyExists, "Choose another name, or use what is there."),
        _ when Ec2ErrorCode.IsState(code) => ("Ec2StateInvalid", StratusErrorKind.InvalidState, "Wait until the resource's state allows it."),
        _ when Ec2ErrorCode.IsUnsupported(code) => ("HostNotSupported", StratusErrorKind.NotSupported, "This endpoint cannot do it."),
        _ when Ec2ErrorCode.MayHaveTakenEffect(code) => ("Ec2ServerFailed", StratusErrorKind.Failed, "The fault is at EC2; it may have taken effect. Try again later."),
        _ when code.StartsWith("Invalid", StringComparison.Ordinal) || code.StartsWith("Missing", StringComparison.Ordinal) || code.StartsWith("Unknown", StringComparison.Ordinal)
            => ("Ec2RequestInvalid", StratusErrorKind.InvalidInput, "Correct what it names."),
        _ => ("HostRefused", StratusErrorKind.Failed, "See the code in the EC2 documentation of error codes."),
    };

    /// <summary>The encoded part of a refusal for lack of permission; null if there is none.</summary>
    public static string? Encoded(string message) =>
        message.IndexOf(EncodedMessage, StringComparison.Ordinal) is var at and >= 0 ? message[(at + EncodedMessage.Length)..].Trim() : null;

    // The encoded part is long, unreadable, and of use only to who may decode it.
    private static string Words(string message)
    {
        var encoded = message.IndexOf(EncodedMessage, StringComparison.Ordinal);
        return encoded < 0 ? message : message[..encoded].TrimEnd();
    }
}
