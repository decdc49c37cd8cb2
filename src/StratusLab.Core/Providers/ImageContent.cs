namespace StratusLab.Core;

/// <summary>An image and ways to its disk.</summary>
public abstract class ImageContent
{
    /// <summary>The image.</summary>
    public abstract ImageDescriptor Descriptor { get; }

    /// <summary>
    /// Where a host can fetch the disk file by itself, byte for byte and not compressed; null if there is no such place. A host that
    /// cannot, or fails, is sent what <see cref="OpenAsync"/> gives.
    /// </summary>
    public virtual RemoteBlob? Origin => null;

    /// <summary>Opens the disk file's bytes from their beginning; the caller disposes the stream. Each call opens anew.</summary>
    public abstract Task<Stream> OpenAsync(CancellationToken cancellationToken = default);
}
