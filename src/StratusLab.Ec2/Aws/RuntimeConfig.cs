using System.Reflection;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Util.Internal;
using StratusLab.Ec2.Client;

namespace StratusLab.Ec2.Aws;

/// <summary>What the AWS runtime has to know of EC2, and of what the user wants.</summary>
internal sealed class RuntimeConfig : ClientConfig
{
    /// <summary>The name by which EC2 is signed for.</summary>
    public const string ServiceName = "ec2";

    private static readonly string Agent =
        InternalSDKUtils.BuildUserAgentString("EC2", typeof(RuntimeConfig).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version ?? "0");

    public RuntimeConfig(Ec2ClientOptions options)
        : base(new StandardConfiguration())
    {
        ServiceId = "EC2";
        AuthenticationServiceName = ServiceName;
        ServiceSettings.Apply(this, options, options.Endpoint);

        // These would be made whatever the retry rules say of the request.
        MaxStaleConnectionRetries = 0;
        AllowAutoRedirect = false;
        EndpointProvider = new Ec2EndpointProvider();
    }

    /// <inheritdoc/>
    public override string ServiceVersion => Ec2Client.ApiVersion;

    /// <inheritdoc/>
    public override string UserAgent => Agent;

    /// <inheritdoc/>
    public override string RegionEndpointServiceName => ServiceName;

    /// <inheritdoc/>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        EndpointProvider.ResolveEndpoint(Ec2EndpointProvider.Parameters(this));
}
