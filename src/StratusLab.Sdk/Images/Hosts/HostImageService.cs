using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The images that the site's hosts keep. Other sites may use the same hosts: what is there is theirs too.</summary>
public sealed class HostImageService
{
    private readonly HostRegistry _hosts;
    private readonly ImageLibrary _images;

    internal HostImageService(HostRegistry hosts, ImageLibrary images)
    {
        _hosts = hosts;
        _images = images;
    }

    /// <summary>The images on hosts, all hosts asked at once, in the order in which they answer. Hosts that keep no images have none.</summary>
    /// <param name="hosts">Which hosts.</param>
    /// <param name="hostError">Told of each host that could not be asked; the others go on. Without it such a host throws after the others are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async IAsyncEnumerable<HostedImage> ListAsync(
        IReadOnlyCollection<HostDefinition> hosts, Action<StratusException>? hostError = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var known = await _images.ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var names = known.ToLookup(image => image.DiskDigest, image => image.Reference, StringComparer.Ordinal);
        var workers = hosts.Select(host => (FanOut.Worker<(HostImage? Image, StratusException? Error)>)(async (results, ct) =>
        {
            await foreach (var item in HostStream.Guard(() => ListHostAsync(host, ct), host.Name, ct).ConfigureAwait(false))
                await results.WriteAsync(item, ct).ConfigureAwait(false);
        })).ToList();

        StratusException? first = null;
        await foreach (var (image, error) in FanOut.RunAsync(workers, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (image is not null) yield return Describe(image, [.. names[image.DiskDigest]]);
            else if (hostError is not null) hostError(error!);
            else first ??= error;
        }

        if (first is not null) throw first;
    }

    /// <summary>Brings an image to a host ahead of need; sends it only if it is not there.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>, <c>NotSupported</c>, and all that <see cref="IImageHost.EnsureImageAsync"/> throws.</exception>
    public async Task<HostImage> EnsureAsync(string host, StratusImage image, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(host, cancellationToken).ConfigureAwait(false);
        if (image.HostImages is not null && store is not INativeImageHost) throw ReferenceContent.NoDisk(image.ToDescriptor());
        return await store.EnsureImageAsync(_images.Open(image), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an image's disk back from a host and tells whether it is what was published.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>, <c>NotSupported</c>; <c>ImageNotOnHost</c>.</exception>
    public async Task<HostImageCheck> VerifyAsync(string host, string diskDigest, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        await (await ReaderAsync(host, cancellationToken).ConfigureAwait(false)).VerifyImageAsync(diskDigest, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>Removes an image's disk from a host; the local store and other hosts keep theirs. That it is not there is a success.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>, <c>NotSupported</c>; <c>ImageInUse</c>: VMs use it, and it is not damaged.</exception>
    public async Task RemoveAsync(string host, string diskDigest, CancellationToken cancellationToken = default) =>
        await (await StoreAsync(host, cancellationToken).ConfigureAwait(false)).RemoveImageAsync(diskDigest, cancellationToken).ConfigureAwait(false);

    private static HostedImage Describe(HostImage image, IReadOnlyList<string> images) => new()
    {
        Host = image.Host,
        Images = images,
        DiskDigest = image.DiskDigest,
        StoredSize = image.Length,
        UseCount = image.UseCount,
        LastUsedAt = image.LastUsedAt,
        IsUsable = image.IsUsable,
    };

    private async IAsyncEnumerable<HostImage> ListHostAsync(HostDefinition host, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_hosts.ProviderOf(host) is not IImageHost store || !_hosts.ProviderOf(host).Capabilities.HasFlag(ProviderCapabilities.Images)) yield break;
        await foreach (var image in store.ListImagesAsync(cancellationToken).ConfigureAwait(false)) yield return image;
    }

    private async Task<IImageReader> ReaderAsync(string host, CancellationToken cancellationToken)
    {
        var provider = await _hosts.ConnectAsync(host, cancellationToken).ConfigureAwait(false);
        return provider is IImageReader reader && provider.Capabilities.HasFlag(ProviderCapabilities.ImageReadback)
            ? reader
            : throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"Host '{host}' does not hand out the images that it keeps (capability ImageReadback).") { Resource = host };
    }

    private async Task<IImageHost> StoreAsync(string host, CancellationToken cancellationToken)
    {
        var provider = await _hosts.ConnectAsync(host, cancellationToken).ConfigureAwait(false);
        return provider is IImageHost store && provider.Capabilities.HasFlag(ProviderCapabilities.Images)
            ? store
            : throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"Host '{host}' keeps no images (capability Images).") { Resource = host };
    }
}
