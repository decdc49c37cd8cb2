using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.CredentialManagement.Internal;
using Amazon.Runtime.Credentials;
using StratusLab.Core;
using StratusLab.Ec2.Client;

namespace StratusLab.Ec2.Aws;

/// <summary>The credentials of a host, as the SDK's own chain finds them, except that roles are assumed through our own clients.</summary>
/// <remarks>
/// The SDK looks its STS and SSO clients up by name among all assemblies of the process. Where another module has brought another version of them,
/// it finds that one, and fails.
/// </remarks>
/// <param name="options">Which host, and which profile.</param>
/// <param name="config">What the SDK's chain takes the profile from.</param>
internal sealed class HostCredentials(Ec2ClientOptions options, IClientConfig config) : AWSCredentials
{
    private const string Duration = "duration_seconds";
    private const int MinDuration = 900, MaxDuration = 43_200;

    private readonly Lock _gate = new();
    private AWSCredentials? _found;
    private AWSCredentials? _used;
    private volatile ImmutableCredentials? _keys;

    /// <inheritdoc/>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        var found = await FindAsync().ConfigureAwait(false);
        AWSCredentials used;
        lock (_gate)
        {
            // The chain finds the same ones until the environment or the files are others; so long, a role's session is kept.
            if (_used is null || !ReferenceEquals(found, _found)) (_found, _used) = (found, Ours(found));
            used = _used;
        }

        return _keys = await used.GetCredentialsAsync().ConfigureAwait(false);
    }

    /// <summary>The keys that <see cref="GetCredentialsAsync"/> found last: a role is assumed over the network, which is not waited for here.</summary>
    /// <exception cref="InvalidOperationException">They were not asked for yet.</exception>
    public override ImmutableCredentials GetCredentials() => _keys ?? throw new InvalidOperationException("Credentials are found asynchronously.");

    private async Task<AWSCredentials> FindAsync()
    {
        try
        {
            return await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(config).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException)
        {
            // Else it would pass for a failure of the network.
            throw new AmazonClientException(e.Message, e);
        }
    }

    private AWSCredentials Ours(AWSCredentials theirs)
    {
        switch (theirs)
        {
            case AssumeRoleAWSCredentials { Options.MfaSerialNumber: { Length: > 0 } device } role:
                throw Wrong($"Role '{role.RoleArn}' wants a code of the multi-factor device '{device}' (mfa_serial), which cannot be given here. Use a profile without it, or session keys that were got with the code.");
            case AssumeRoleAWSCredentials role:
                return new RoleCredentials(
                    role.RoleArn, role.RoleSessionName, role.Options.ExternalId, Seconds(role.RoleArn), Ours(role.SourceCredentials), tokenFile: null, options);
            case AssumeRoleWithWebIdentityCredentials role:
                return new RoleCredentials(
                    role.RoleArn, role.RoleSessionName, externalId: null, Seconds(role.RoleArn), new AnonymousAWSCredentials(), role.WebIdentityTokenFile, options);
            case SSOAWSCredentials:
                SsoClients.Register();
                return theirs;
            default:
                return theirs;
        }
    }

    // The SDK does not read it.
    private int? Seconds(string role)
    {
        var name = options.ProfileName ?? DefaultAWSCredentialsIdentityResolver.GetProfileName();
        if (!new CredentialProfileStoreChain().TryGetProfile(name, out var profile) || profile.Options.RoleArn != role) return null;
        if (CredentialProfileUtils.GetProperty(profile, Duration) is not { Length: > 0 } text) return null;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is >= MinDuration and <= MaxDuration
            ? seconds
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"Profile '{name}' has {Duration}={text}; it can be {MinDuration} to {MaxDuration}."));
    }

    private StratusException Wrong(string reason) =>
        new("Ec2ProfileUnusable", StratusErrorKind.PermissionDenied, $"Host '{options.HostName}' gets no AWS credentials. {reason}") { Resource = options.HostName };
}
