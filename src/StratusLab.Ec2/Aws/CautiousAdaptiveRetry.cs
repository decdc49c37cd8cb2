using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace StratusLab.Ec2.Aws;

/// <summary>The SDK's adaptive retries within the bounds of <see cref="RetryRules"/>.</summary>
internal sealed class CautiousAdaptiveRetry(IClientConfig config) : AdaptiveRetryPolicy(config)
{
    /// <inheritdoc/>
    public override bool CanRetry(IExecutionContext executionContext) => true;

    /// <inheritdoc/>
    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
        RetryRules.Allow(executionContext, exception) && await base.RetryForExceptionAsync(executionContext, exception).ConfigureAwait(false);
}
