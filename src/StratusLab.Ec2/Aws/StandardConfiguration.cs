using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace StratusLab.Ec2.Aws;

/// <summary>The runtime's own defaults; EC2 needs no others.</summary>
internal sealed class StandardConfiguration : IDefaultConfigurationProvider
{
    /// <inheritdoc/>
    public IDefaultConfiguration GetDefaultConfiguration(RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) =>
        new DefaultConfiguration
        {
            Name = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
}
