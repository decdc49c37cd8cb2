namespace StratusLab.Core;

/// <summary>An image and ways to its disk.</summary>
public abstract class ImageContent
{
    /// <summary>The image.</summary>
    public abstract ImageDescriptor Descriptor { get; }

    /// <summary>Opens the disk file's bytes from their beginning; the caller disposes the stream. Each call opens anew.</summary>
    public abstract Task<Stream> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds a place from which a host can fetch the disk file by itself, byte for byte and not compressed; null if none is known. Asked
    /// only where the disk is to be brought to a host that can; one that fails is sent what <see cref="OpenAsync"/> gives.
    /// </summary>
    public virtual Task<RemoteBlob?> FindOriginAsync(CancellationToken cancellationToken = default) => Task.FromResult<RemoteBlob?>(null);
}
