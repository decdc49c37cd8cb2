using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An image's disk from the local store, or, where that does not have it, from a host of the site that does.</summary>
/// <param name="local">The image in the local store.</param>
/// <param name="hosts">The hosts of the site.</param>
/// <param name="conversion">Converts disks.</param>
/// <param name="findOrigin">Finds where a host can fetch it; null if that is not to be asked.</param>
internal sealed class NearestImageContent(ImageContent local, HostRegistry hosts, DiskConversion conversion, Func<ImageDescriptor, CancellationToken, Task<RemoteBlob?>>? findOrigin) : ImageContent
{
    // Those that are up answer at once.
    private static readonly TimeSpan HostPatience = TimeSpan.FromSeconds(15);

    public override ImageDescriptor Descriptor => local.Descriptor;

    public override async Task<RemoteBlob?> FindOriginAsync(CancellationToken cancellationToken = default) =>
        findOrigin is null ? null : await findOrigin(Descriptor, cancellationToken).ConfigureAwait(false);

    public override Task<ConvertedDisk?> OpenVmdkAsync(CancellationToken cancellationToken = default) => conversion.ToVmdkAsync(this, cancellationToken);

    public override async Task<Stream> OpenAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await local.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (e.Kind == StratusErrorKind.NotFound)
        {
            // Its bytes are verified by whoever takes them, wherever they come from.
            return await OpenFromHostAsync(cancellationToken).ConfigureAwait(false) ?? throw Missing(e);
        }
    }

    private async Task<Stream?> OpenFromHostAsync(CancellationToken cancellationToken)
    {
        await foreach (var host in hosts.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (hosts.ProviderOf(host) is not IImageReader store || !hosts.ProviderOf(host).Capabilities.HasFlag(ProviderCapabilities.ImageReadback)) continue;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(HostPatience);
            try
            {
                return await store.OpenImageAsync(Descriptor.DiskDigest, patience.Token).ConfigureAwait(false);
            }
            catch (StratusException)
            {
                // It does not have it, or cannot be asked.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // It does not answer.
            }
        }

        return null;
    }

    private StratusException Missing(StratusException cause) => new(
        cause.ErrorId, cause.Kind, $"{cause.Message} No host of the site that answered has it either.", cause) { Resource = Descriptor.ToString() };
}
