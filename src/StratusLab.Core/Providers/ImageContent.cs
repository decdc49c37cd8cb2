namespace StratusLab.Core;

/// <summary>An image and ways to its disk.</summary>
public abstract class ImageContent
{
    /// <summary>The image.</summary>
    public abstract ImageDescriptor Descriptor { get; }

    /// <summary>Opens the disk file's bytes from their beginning; the caller disposes the stream. Each call opens anew.</summary>
    public abstract Task<Stream> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens the disk as a stream-optimized VMDK (VMware, "Virtual Disk Format 5.0"), which leaves out what is zero and which hosts take that do
    /// not take the image's own format. What is converted was verified by the disk's digest; the caller disposes it.
    /// </summary>
    /// <returns>Null where nothing converts the disk, and <see cref="OpenAsync"/> is all there is.</returns>
    /// <exception cref="StratusException"><c>ImageCorrupt</c>: the disk does not have its digest; <c>QemuImgNotFound</c>: a program is missing.</exception>
    public virtual Task<ConvertedDisk?> OpenVmdkAsync(CancellationToken cancellationToken = default) => Task.FromResult<ConvertedDisk?>(null);

    /// <summary>
    /// Finds a place from which a host can fetch the disk file by itself, byte for byte and not compressed; null if none is known. Asked
    /// only where the disk is to be brought to a host that can; one that fails is sent what <see cref="OpenAsync"/> gives.
    /// </summary>
    public virtual Task<RemoteBlob?> FindOriginAsync(CancellationToken cancellationToken = default) => Task.FromResult<RemoteBlob?>(null);
}
