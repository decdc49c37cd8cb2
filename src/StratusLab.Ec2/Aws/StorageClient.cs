using Amazon.Runtime.Internal;
using Amazon.S3;

namespace StratusLab.Ec2.Aws;

/// <summary>The SDK's client of S3 with our credentials.</summary>
internal sealed class StorageClient(AmazonS3Config config) : AmazonS3Client(config)
{
    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerBefore<Signer>(new CredentialsHandler(Config.DefaultAWSCredentials));
    }
}
