using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Images;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider : IImageHost, INativeImageHost
{
    /// <summary>Makes and keeps machine images.</summary>
    public required MachineImageStore Images { get; init; }

    /// <inheritdoc/>
    public string ImagePlace => _uri.Region;

    /// <inheritdoc/>
    public Task<HostImage> EnsureImageAsync(ImageContent image, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Images.EnsureAsync(image, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HostImage> ListImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var image in await Images.Catalogue.ListAsync(cancellationToken).ConfigureAwait(false)) yield return image;
    }

    /// <inheritdoc/>
    public Task RemoveImageAsync(string diskDigest, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(diskDigest);
        return Images.Catalogue.RemoveAsync(diskDigest, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<NativeImage?> FindNativeImageAsync(NativeImageQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Images.Native.FindAsync(query, cancellationToken);
    }
}
