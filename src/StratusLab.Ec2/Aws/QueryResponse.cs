using Amazon.Runtime;

namespace StratusLab.Ec2.Aws;

/// <summary>An answer whose head has come; the body is read by whoever asked.</summary>
internal sealed class QueryResponse : AmazonWebServiceResponse, IDisposable
{
    /// <summary>The body, from the network.</summary>
    public Stream Body { get; init; } = Stream.Null;

    /// <summary>EC2's identity of the request, where the head tells it.</summary>
    public string? RequestId { get; init; }

    /// <summary>The server's time, where the head tells it.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Body.Dispose();
}
