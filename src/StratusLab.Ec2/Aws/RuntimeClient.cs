using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace StratusLab.Ec2.Aws;

/// <summary>The AWS runtime's pipeline: credentials, endpoint, signature, retries, HTTP.</summary>
internal sealed class RuntimeClient(RuntimeConfig config) : AmazonServiceClient(config)
{
    private static readonly InvokeOptions Query = new() { RequestMarshaller = new QueryMarshaller(), ResponseUnmarshaller = new ReplyUnmarshaller() };

    /// <summary>Sends a request and returns when the head of a good answer is there.</summary>
    public Task<QueryResponse> SendAsync(QueryRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<QueryResponse>(request, Query, cancellationToken);

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new EndpointHandler());
        pipeline.AddHandlerAfter<Marshaller>(new SignatureHandler());
        pipeline.AddHandlerBefore<Signer>(new CredentialsHandler(Config.DefaultAWSCredentials));
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(
            Config.RetryMode == RequestRetryMode.Adaptive ? new CautiousAdaptiveRetry(Config) : new CautiousRetry(Config)));
    }
}
