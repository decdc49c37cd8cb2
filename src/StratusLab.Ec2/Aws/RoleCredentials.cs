using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Aws;

/// <summary>The keys of a role's session, renewed before they expire ("AssumeRole" and "AssumeRoleWithWebIdentity", AWS STS API reference).</summary>
internal sealed class RoleCredentials : RefreshingAWSCredentials
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly string _arn;
    private readonly string _sessionName;
    private readonly string? _externalId;
    private readonly int? _seconds;
    private readonly AWSCredentials _source;
    private readonly string? _tokenFile;
    private readonly Ec2ClientOptions _options;

    /// <summary>Makes the credentials; nothing is asked before they are needed.</summary>
    /// <param name="arn">The role.</param>
    /// <param name="sessionName">What the session is called in the account's logs.</param>
    /// <param name="externalId">What the role's owner wants to hear; null for nothing.</param>
    /// <param name="seconds">How long a session is asked for; null for an hour.</param>
    /// <param name="source">Who assumes it; nobody where a token says so.</param>
    /// <param name="tokenFile">The file of a token by which an identity provider vouches for us; null where credentials do.</param>
    /// <param name="options">In which region, at which endpoint.</param>
    public RoleCredentials(string arn, string sessionName, string? externalId, int? seconds, AWSCredentials source, string? tokenFile, Ec2ClientOptions options)
    {
        (_arn, _sessionName, _externalId, _seconds) = (arn, sessionName, externalId, seconds);
        (_source, _tokenFile, _options) = (source, tokenFile, options);
        PreemptExpiryTime = Early;
    }

    /// <inheritdoc/>
    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        try
        {
            var config = ServiceSettings.Apply(new AmazonSecurityTokenServiceConfig(), _options, _options.Endpoint);
            config.DefaultAWSCredentials = _source;
            using var sts = new TokenClient(config);
            var keys = _tokenFile is null
                ? await AssumeAsync(sts).ConfigureAwait(false)
                : await AssumeAsync(sts, _tokenFile).ConfigureAwait(false);
            if (keys.Expiration is not { } expiration) throw new AmazonClientException("STS told no time of expiry.");
            return new CredentialsRefreshState(new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken), expiration.ToUniversalTime());
        }
        catch (AmazonServiceException e) when (e.IsAnswer() && e.ErrorCode is { Length: > 0 } code)
        {
            throw Refused(e, code);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or OperationCanceledException)
        {
            // Nothing is asked of EC2 before the keys are there.
            throw new HostConnectionException(
                "HostUnreachable", $"{Who} was not assumed: {e.GetBaseException().Message.TrimEnd('.')}. The request was not sent.", RequestState.NotSent, e) { Resource = _options.HostName };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StratusException("Ec2TokenFileUnreadable", StratusErrorKind.PermissionDenied, $"{Who} was not assumed, since its token file '{_tokenFile}' cannot be read: {e.Message.TrimEnd('.')}. See that it is there and may be read.", e)
            {
                Resource = _options.HostName,
            };
        }
    }

    private string Who => $"Role '{_arn}'{(_options.ProfileName is null ? "" : $" of profile '{_options.ProfileName}'")} for host '{_options.HostName}'";

    private async Task<Credentials> AssumeAsync(TokenClient sts)
    {
        var answer = await sts.AssumeRoleAsync(new AssumeRoleRequest
        {
            RoleArn = _arn, RoleSessionName = _sessionName, ExternalId = _externalId, DurationSeconds = _seconds,
        }).ConfigureAwait(false);
        return answer.Credentials;
    }

    private async Task<Credentials> AssumeAsync(TokenClient sts, string tokenFile)
    {
        var answer = await sts.AssumeRoleWithWebIdentityAsync(new AssumeRoleWithWebIdentityRequest
        {
            RoleArn = _arn, RoleSessionName = _sessionName, DurationSeconds = _seconds,
            WebIdentityToken = (await File.ReadAllTextAsync(tokenFile).ConfigureAwait(false)).Trim(),
        }).ConfigureAwait(false);
        return answer.Credentials;
    }

    private HostRefusedException Refused(AmazonServiceException error, string code)
    {
        var (id, advice) = Ec2ErrorCode.IsThrottling(code) ? ("Ec2Throttled", "STS takes no more calls from this account for now; try again in a minute.")
            : Ec2ErrorCode.IsExpired(code) ? ("Ec2CredentialsExpired", "Sign in again, or have new keys or a new token for whoever assumes it, and see that this machine's clock is right.")
            : ("Ec2RoleNotAssumed", "See that the role exists, that its trust policy names whoever assumes it (with the external id, if it wants one), and that they may call sts:AssumeRole.");
        return new HostRefusedException(id, StratusErrorKind.PermissionDenied, $"{Who} was not assumed: {code}: {error.Message.TrimEnd('.')}. {advice}{Ec2Errors.Id(error.RequestId)}", code, error)
        {
            HostMessage = error.Message,
            Resource = _options.HostName,
            IsTransient = Ec2ErrorCode.IsThrottling(code),
            Data = { ["RequestId"] = error.RequestId },
        };
    }
}
