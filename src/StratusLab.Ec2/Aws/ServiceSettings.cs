using Amazon;
using Amazon.Runtime;
using StratusLab.Ec2.Client;

namespace StratusLab.Ec2.Aws;

/// <summary>What the clients of all services that are used have in common.</summary>
internal static class ServiceSettings
{
    /// <summary>Sets a client's configuration to what the user wants.</summary>
    /// <param name="config">The configuration of one service.</param>
    /// <param name="options">What the user wants.</param>
    /// <param name="endpoint">Where the service answers, in place of the region's own; null for that.</param>
    public static TConfig Apply<TConfig>(TConfig config, Ec2ClientOptions options, Uri? endpoint)
        where TConfig : ClientConfig
    {
        config.AuthenticationRegion = options.Region;
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        if (endpoint is not null) config.ServiceURL = endpoint.AbsoluteUri;
        if (options.ProfileName is not null) config.Profile = new Profile(options.ProfileName);
        config.DefaultAWSCredentials = new HostCredentials(options, config);
        config.UseFIPSEndpoint = options.UseFips;
        config.UseDualstackEndpoint = options.UseDualStack;
        config.RetryMode = options.AdaptiveRetry ? RequestRetryMode.Adaptive : RequestRetryMode.Standard;
        config.MaxErrorRetry = options.MaxAttempts - 1;
        config.Timeout = options.Timeout;
        config.DisableLogging = true;
        return config;
    }
}
