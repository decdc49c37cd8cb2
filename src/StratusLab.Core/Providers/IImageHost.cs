namespace StratusLab.Core;

/// <summary>A host that keeps images beside its VMs.</summary>
public interface IImageHost
{
    /// <summary>
    /// Sees to it that the image's disk is on the host, complete and verified by its SHA-256; sends it only if it is not.
    /// Concurrent and repeated calls send it once.
    /// </summary>
    /// <exception cref="StratusException">The disk did not have the digest, or the host could not take it; nothing half-made is left.</exception>
    Task<HostImage> EnsureImageAsync(ImageContent image, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>The images on the host.</summary>
    IAsyncEnumerable<HostImage> ListImagesAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes an image's disk from the host; refused while a VM uses it, a success if it is not there.</summary>
    Task RemoveImageAsync(string diskDigest, CancellationToken cancellationToken = default);
}
