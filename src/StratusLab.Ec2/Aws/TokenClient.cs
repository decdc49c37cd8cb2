using Amazon.Runtime.Internal;
using Amazon.SecurityToken;

namespace StratusLab.Ec2.Aws;

/// <summary>The SDK's client of STS with our credentials.</summary>
internal sealed class TokenClient(AmazonSecurityTokenServiceConfig config) : AmazonSecurityTokenServiceClient(config)
{
    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerBefore<Signer>(new CredentialsHandler(Config.DefaultAWSCredentials));
    }
}
