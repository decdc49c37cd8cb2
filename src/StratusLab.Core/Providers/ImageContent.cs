namespace StratusLab.Core;

/// <summary>An image and a way to read its disk.</summary>
public abstract class ImageContent
{
    /// <summary>The image.</summary>
    public abstract ImageDescriptor Descriptor { get; }

    /// <summary>Opens the disk file's bytes from their beginning; the caller disposes the stream. Each call opens anew.</summary>
    public abstract Task<Stream> OpenAsync(CancellationToken cancellationToken = default);
}
