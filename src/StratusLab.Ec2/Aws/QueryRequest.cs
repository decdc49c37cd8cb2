using Amazon.Runtime;
using StratusLab.Core;

namespace StratusLab.Ec2.Aws;

/// <summary>One call as the AWS runtime carries it, with a memory of how far its attempts got.</summary>
internal sealed class QueryRequest(IReadOnlyDictionary<string, string> parameters, bool isRepeatable, bool isSingle = false) : AmazonWebServiceRequest
{
    private RequestState _furthest = RequestState.NotSent;

    public IReadOnlyDictionary<string, string> Parameters { get; } = parameters;

    /// <summary>Whether it may be sent again after it may have arrived.</summary>
    public bool IsRepeatable { get; } = isRepeatable;

    /// <summary>Whether it is sent once, whatever comes of it.</summary>
    public bool IsSingle { get; } = isSingle;

    /// <summary>How far it got in any of its attempts.</summary>
    public RequestState Furthest => _furthest;

    /// <inheritdoc/>
    protected override bool Expect100Continue => false;

    /// <summary>Notes how far one attempt got. One that was sent is not undone by a later one that was not.</summary>
    public void Note(RequestState state)
    {
        if (state == RequestState.Sent || (state == RequestState.Unknown && _furthest == RequestState.NotSent)) _furthest = state;
    }
}
