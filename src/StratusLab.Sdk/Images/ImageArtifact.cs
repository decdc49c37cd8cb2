using System.Text.Json;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>An image as an OCI artifact, wherever it lies. What it says of itself is checked, because anybody may have written it.</summary>
/// <param name="Image">The image, by the name that it gives itself.</param>
/// <param name="Disk">Points to the disk as it is stored.</param>
internal sealed record ImageArtifact(StratusImage Image, OciDescriptor Disk)
{
    // Deflate makes at best one byte of 1032 (zlib, "Technical Details").
    private const long MaxRatio = 1040;
    private const long MaxSize = 1L << 50;
    private const int MaxText = 10_000;

    /// <summary>Whether it has no disk, and refers to images that hosts have themselves.</summary>
    public bool IsReference => Disk.MediaType == ImageMediaTypes.Reference;

    public bool IsCompressed => ImageMediaTypes.IsCompressed(Disk.MediaType);

    /// <summary>
    /// The image of a manifest of a layout, checked against its digest as its config is; null if it is something else.
    /// </summary>
    /// <exception cref="OciException">One of them is damaged or missing, or says something impossible.</exception>
    public static async Task<ImageArtifact?> ReadAsync(OciLayout layout, OciDigest digest, CancellationToken cancellationToken)
    {
        var manifest = await layout.ReadManifestAsync(digest, cancellationToken).ConfigureAwait(false);
        if (manifest.ArtifactType != ImageMediaTypes.Artifact || manifest.Config.MediaType != ImageMediaTypes.Metadata) return null;
        var config = await layout.ReadBlobAsync(manifest.Config.Digest, cancellationToken).ConfigureAwait(false);
        return Read(digest, manifest, config);
    }

    /// <summary>The image's manifest says what it is; all else is in the config.</summary>
    /// <exception cref="OciException">It is no image, or one that says something impossible; the message says what.</exception>
    public static OciDescriptor DiskOf(OciManifest manifest)
    {
        if (manifest.ArtifactType != ImageMediaTypes.Artifact)
            throw new OciException($"it is no image of a VM but {Printable(manifest.ArtifactType ?? manifest.Config.MediaType)}");
        if (manifest.Config.MediaType != ImageMediaTypes.Metadata) throw new OciException($"its config is {Printable(manifest.Config.MediaType)}, not {ImageMediaTypes.Metadata}");
        if (manifest.Config.Size > RegistryManifest.MaxLength) throw new OciException($"its config has {manifest.Config.Size} bytes, which is more than {RegistryManifest.MaxLength}");
        if (manifest.Layers is not [var disk]) throw new OciException($"it has {manifest.Layers.Count} layers where there must be one, the disk");
        if (disk.MediaType == ImageMediaTypes.Reference) return disk.Digest == OciEmpty.Descriptor.Digest ? disk : throw new OciException("its layer is said to be empty and is not");
        if (ImageMediaTypes.FormatOf(disk.MediaType) is null) throw new OciException($"its layer is {Printable(disk.MediaType)}, which is no disk that is known here");
        if (disk.Size is <= 0 or > MaxSize) throw new OciException($"its disk has {disk.Size} bytes");
        return disk;
    }

    /// <summary>Reads manifest and config together.</summary>
    /// <exception cref="OciException">It is no image, or one that says something impossible; the message says what.</exception>
    public static ImageArtifact Read(OciDigest digest, OciManifest manifest, ReadOnlySpan<byte> config)
    {
        var disk = DiskOf(manifest);
        try
        {
            var metadata = JsonSerializer.Deserialize(config, ImageMetadataJson.Default.ImageMetadata) ?? throw new OciException("its config is empty");
            Check(metadata, disk);
            return new ImageArtifact(metadata.ToImage(digest, disk), disk);
        }
        catch (JsonException e)
        {
            throw new OciException($"its config is not what an image says of itself: {Printable(e.Message)}", e);
        }
        catch (InvalidInputException e)
        {
            throw new OciException($"its config is not what an image says of itself: {e.Message}", e);
        }
    }

    private static void Check(ImageMetadata metadata, OciDescriptor disk)
    {
        ImageReference.Validate(metadata.Name, metadata.Version);
        ImageReference.ValidateDefaultUser(metadata.DefaultUser);
        ImageReference.ValidateArchitecture(metadata.Architecture);
        if (metadata.Labels is { } labels) LabelValidation.Validate(labels);
        foreach (var text in (string?[])[metadata.Title, metadata.Description, metadata.Creator, metadata.Os, metadata.Parent])
            if (text is not null && (text.Length > MaxText || text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))) throw new OciException("a text in its config is too long or has control characters");
        if (metadata.InboundPorts is { } ports && ports.Any(p => p is < 1 or > 65535)) throw new OciException("its config names a port that is none");
        if (metadata.VirtualSize is <= 0 or > MaxSize) throw new OciException($"its config says that the disk has {metadata.VirtualSize} bytes");
        if (disk.MediaType == ImageMediaTypes.Reference)
        {
            HostImageValidation.Validate(metadata.HostImages);
            return;
        }

        if (metadata.HostImages is not null) throw new OciException("it has a disk, and its config names images of hosts");
        if (metadata.Format != ImageMediaTypes.FormatOf(disk.MediaType)) throw new OciException($"its config says {metadata.Format}, its layer {disk.MediaType}");

        var unpacked = metadata.Rootfs?.DiffIds;
        if (!ImageMediaTypes.IsCompressed(disk.MediaType))
        {
            if (unpacked is not null && (unpacked is not [var same] || same != disk.Digest.ToString())) throw new OciException("its config speaks of another disk than its manifest");
            return;
        }

        if (unpacked is not [var digest] || !OciDigest.TryParse(digest, null, out _)) throw new OciException("its disk is compressed, and its config does not give the digest of what is in it");
        if (metadata.DiskSize is not > 0) throw new OciException("its disk is compressed, and its config does not give the length of what is in it");
        if (metadata.DiskSize > disk.Size * MaxRatio) throw new OciException($"its disk is said to unpack from {disk.Size} to {metadata.DiskSize} bytes, which gzip cannot do");
    }

    private static string Printable(string text) => ImageReference.Printable(text);
}
