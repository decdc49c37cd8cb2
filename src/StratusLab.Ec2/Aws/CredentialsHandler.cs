using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace StratusLab.Ec2.Aws;

/// <summary>Has a client's credentials at hand when its signer wants them, which does not wait for those that come over the network.</summary>
/// <param name="credentials">Whose requests are signed.</param>
internal sealed class CredentialsHandler(AWSCredentials credentials) : PipelineHandler
{
    /// <inheritdoc/>
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        await credentials.GetCredentialsAsync().ConfigureAwait(false);
        return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
    }
}
