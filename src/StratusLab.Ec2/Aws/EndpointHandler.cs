using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace StratusLab.Ec2.Aws;

/// <summary>Puts the region's address into a request.</summary>
internal sealed class EndpointHandler : BaseEndpointResolver
{
    /// <inheritdoc/>
    protected override void ServiceSpecificHandler(IExecutionContext executionContext, EndpointParameters parameters) =>
        InjectHostPrefix(executionContext.RequestContext);

    /// <inheritdoc/>
    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) =>
        Ec2EndpointProvider.Parameters(requestContext.ClientConfig);
}
