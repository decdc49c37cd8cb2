using Amazon.S3;
using Amazon.SecurityToken;
using StratusLab.Ec2.Client;

namespace StratusLab.Ec2.Aws;

/// <summary>The services beside EC2, each connected when it is first needed.</summary>
internal sealed class ServiceClients(Ec2ClientOptions options) : IDisposable
{
    // A part is sent whole before the answer begins.
    private static readonly TimeSpan PartTimeout = TimeSpan.FromMinutes(10);

    private readonly Lazy<StorageClient> _s3 = new(() =>
    {
        var endpoint = options.S3Endpoint ?? options.Endpoint;
        var config = ServiceSettings.Apply(new AmazonS3Config { ForcePathStyle = endpoint is not null }, options, endpoint);
        config.Timeout = PartTimeout;
        return new StorageClient(config);
    });

    private readonly Lazy<TokenClient> _sts = new(() => new TokenClient(
        ServiceSettings.Apply(new AmazonSecurityTokenServiceConfig(), options, options.Endpoint)));

    /// <summary>Object storage.</summary>
    public IAmazonS3 S3 => _s3.Value;

    /// <summary>Who is calling, and why a call was refused.</summary>
    public IAmazonSecurityTokenService Sts => _sts.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_s3.IsValueCreated) _s3.Value.Dispose();
        if (_sts.IsValueCreated) _sts.Value.Dispose();
    }
}
