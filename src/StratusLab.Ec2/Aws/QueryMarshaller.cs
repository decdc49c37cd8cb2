using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace StratusLab.Ec2.Aws;

/// <summary>Makes the HTTP request: a POST of a form to the root.</summary>
internal sealed class QueryMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    /// <inheritdoc/>
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var query = (QueryRequest)input;
        var request = new DefaultRequest(query, RuntimeConfig.ServiceName) { HttpMethod = "POST", ResourcePath = "/" };
        foreach (var (name, value) in query.Parameters) request.Parameters.Add(name, value);
        return request;
    }
}
