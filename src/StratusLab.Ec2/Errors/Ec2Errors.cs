using System.Globalization;
using Amazon.Runtime;
using StratusLab.Core;
using StratusLab.Ec2.Aws;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Errors;

/// <summary>Turns what goes wrong between here and EC2 into StratusLab's errors.</summary>
internal static class Ec2Errors
{
    public static StratusException Translate(Exception error, Ec2ClientOptions options, string action, QueryRequest request, string? requestId)
    {
        request.Note(RequestProgress.Of(error));

        // The runtime wraps the last answer where its own limits end the retries.
        if (error is AmazonClientException { InnerException: AmazonServiceException answer } && answer.IsAnswer()) error = answer;
        return error switch
        {
            AmazonServiceException { ErrorCode: { Length: > 0 } code } refused when refused.IsAnswer() => Ec2Refusals.Of(refused, code, options, action),
            AmazonServiceException strange when strange.IsAnswer() && (int)strange.StatusCode < 500 =>
                Protocol(options, action, $"it was {Status(strange)} with {strange.Message}, as from a proxy", strange.RequestId, strange),
            AmazonServiceException faulty when faulty.IsAnswer() =>
                Connection(options, action, request, $"a server answered {Status(faulty)} with {faulty.Message}", faulty),
            ReplyRejectedException rejected => Protocol(options, action, rejected.Message, requestId, rejected),
            ReplyLostException lost => Connection(options, action, request, lost.Message.TrimEnd('.'), lost),
            OperationCanceledException => Connection(
                options, action, request, string.Create(CultureInfo.InvariantCulture, $"no answer came within {options.Timeout.TotalSeconds:0} s"), error),
            AmazonClientException when RequestProgress.Of(error) == RequestState.NotSent && IsLocal(error) => Credentials(error, options),
            _ => Connection(options, action, request, Innermost(error).Message.TrimEnd('.'), error),
        };
    }

    public static HostProtocolException Protocol(Ec2ClientOptions options, string action, string reason, string? requestId, Exception? cause = null) => new(
        "Ec2ReplyNotUnderstood",
        $"Host '{options.HostName}' gave an answer to {action} that cannot be used: {reason.TrimEnd('.')}.{Id(requestId)} "
        + "Check that the endpoint is that of EC2 and that no proxy or sign-in page stands between.",
        cause) { Resource = options.HostName };

    public static string Id(string? requestId) => string.IsNullOrEmpty(requestId) ? "" : $" Request id {requestId}.";

    private static HostConnectionException Connection(Ec2ClientOptions options, string action, QueryRequest request, string reason, Exception cause)
    {
        var consequence = request.Furthest switch
        {
            RequestState.NotSent => "The request was not sent.",
            RequestState.Sent when request.IsRepeatable => "The request had been sent and may have taken effect; the same request can safely be made again.",
            RequestState.Sent => "The request had been sent and may have taken effect; look before making it again.",
            _ => "It is not known whether the request was sent.",
        };
        return new HostConnectionException("HostUnreachable", $"Host '{options.HostName}', {action}: {reason}. {consequence}", request.Furthest, cause)
        {
            Resource = options.HostName,
        };
    }

    private static StratusException Credentials(Exception error, Ec2ClientOptions options) => new(
        "Ec2CredentialsNotFound",
        StratusErrorKind.PermissionDenied,
        (options.ProfileName is null
            ? $"No AWS credentials for host '{options.HostName}' were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run 'aws configure' or 'aws sso login', or register the host with a profile."
            : $"Profile '{options.ProfileName}' gives no AWS credentials for host '{options.HostName}'. See that ~/.aws/config or ~/.aws/credentials has it, and sign in again if it uses SSO.")
        + $" ({Innermost(error).Message.TrimEnd('.')}.)",
        error) { Resource = options.HostName };

    private static bool IsLocal(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is HttpRequestException or IOException or System.Net.Sockets.SocketException) return false;
        }

        return true;
    }

    private static string Status(AmazonServiceException error) => string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)error.StatusCode}");

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error;
    }
}
