using Amazon.Runtime.Internal.Transform;

namespace StratusLab.Ec2.Aws;

/// <summary>Hands the body's stream through the AWS runtime, which looks at none of it.</summary>
internal sealed class ReplyContext : UnmarshallerContext
{
    public ReplyContext(Stream body, IWebResponseData response, bool isException)
    {
        Body = body;
        WebResponseData = response;
        IsException = isException;
    }

    public Stream Body { get; }

    /// <inheritdoc/>
    public override string CurrentPath => "";

    /// <inheritdoc/>
    public override int CurrentDepth => 0;

    /// <inheritdoc/>
    public override bool IsStartElement => false;

    /// <inheritdoc/>
    public override bool IsEndElement => false;

    /// <inheritdoc/>
    public override bool IsStartOfDocument => true;
}
