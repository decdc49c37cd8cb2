using System.Text.Json;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Reads images out of a layout.</summary>
internal static class StoredImage
{
    /// <summary>The image of a manifest; null if it is an artifact of another kind. Manifest and config are checked against their digests.</summary>
    /// <exception cref="OciException">One of them is damaged or missing.</exception>
    /// <exception cref="JsonException">The config is no image's.</exception>
    public static async Task<StratusImage?> ReadAsync(OciLayout layout, OciDigest digest, CancellationToken cancellationToken)
    {
        var manifest = await layout.ReadManifestAsync(digest, cancellationToken).ConfigureAwait(false);
        if (manifest.ArtifactType != ImageMediaTypes.Artifact || manifest.Layers is not [var disk]) return null;
        var json = await layout.ReadBlobAsync(manifest.Config.Digest, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize(json, ImageMetadataJson.Default.ImageMetadata)!.ToImage(digest, disk);
    }
}
