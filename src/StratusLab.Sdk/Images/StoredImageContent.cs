using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>An image of the local store, to be read by a provider.</summary>
internal sealed class StoredImageContent(string folder, ImageDescriptor descriptor) : ImageContent
{
    public override ImageDescriptor Descriptor => descriptor;

    public override async Task<Stream> OpenAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var layout = await OciLayout.OpenAsync(folder, cancellationToken).ConfigureAwait(false);
            return layout.OpenBlob(OciDigest.Parse(descriptor.DiskDigest));
        }
        catch (Exception e) when (e is OciException or IOException or UnauthorizedAccessException)
        {
            throw new StratusException("ImageContentMissing", StratusErrorKind.NotFound, $"The disk of image {descriptor} cannot be read from the local store: {e.Message} Publish the image again.", e) { Resource = descriptor.ToString() };
        }
    }
}
