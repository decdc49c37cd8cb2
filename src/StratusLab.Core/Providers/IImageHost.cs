namespace StratusLab.Core;

/// <summary>A host that keeps images beside its VMs.</summary>
/// <remarks>
/// A disk is verified when it arrives, and at each launch it is seen that it has not changed since; <see cref="IComputeProvider.CreateAsync"/>
/// refuses one that has with <c>ImageDamagedOnHost</c>.
/// </remarks>
public interface IImageHost
{
    /// <summary>
    /// Sees to it that the image's disk is on the host, complete and verified by its SHA-256; sends it, or has the host fetch it, only if
    /// it is not. Concurrent and repeated calls send it once. Where <see cref="HostDefinition.ImageCacheLimit"/> would be passed, the images
    /// that were used least recently are removed before; never one that a VM uses, and nothing that StratusLab did not make.
    /// </summary>
    /// <exception cref="StratusException">
    /// The disk did not have the digest, or the host could not take it (<c>PoolFull</c>, <c>ImageCacheFull</c>); nothing half-made is left.
    /// <c>ImageDamagedOnHost</c>: the one that is there has changed since it was verified.
    /// </exception>
    Task<HostImage> EnsureImageAsync(ImageContent image, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>The images on the host, with how much they are used.</summary>
    IAsyncEnumerable<HostImage> ListImagesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes an image's disk from the host; a success if it is not there. Refused while a VM uses it, unless it is damaged: then it
    /// stays for those VMs only, and a later <see cref="EnsureImageAsync"/> sends it anew.
    /// </summary>
    Task RemoveImageAsync(string diskDigest, CancellationToken cancellationToken = default);
}
