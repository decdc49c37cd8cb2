using System.Text.Json;

namespace StratusLab.Oci;

/// <summary>A manifest or index as a registry or layout holds it, byte for byte, so that its digest stays what it is.</summary>
public sealed class RegistryManifest
{
    /// <summary>The longest manifest that is read (OCI distribution specification, "Pushing Manifests").</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>Takes a manifest's bytes.</summary>
    /// <param name="mediaType">What it is.</param>
    /// <param name="content">Its bytes, at most <see cref="MaxLength"/>.</param>
    /// <exception cref="OciException">It is longer.</exception>
    public RegistryManifest(string mediaType, ReadOnlyMemory<byte> content)
    {
        if (content.Length > MaxLength) throw new OciException($"A manifest is at most {MaxLength} bytes long; this one has {content.Length}.");
        Content = content;
        Descriptor = new OciDescriptor { MediaType = mediaType, Digest = OciContent.DigestOf(content.Span, "sha256"), Size = content.Length };
    }

    /// <summary>Writes a new manifest.</summary>
    /// <param name="manifest">What it says.</param>
    public RegistryManifest(OciManifest manifest)
        : this(OciMediaTypes.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest, OciJson.Default.OciManifest))
    {
    }

    /// <summary>Its digest, length and media type.</summary>
    public OciDescriptor Descriptor { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Reads it as an image manifest.</summary>
    /// <exception cref="OciException">It is an index, or broken.</exception>
    public OciManifest ReadImage()
    {
        if (Descriptor.MediaType != OciMediaTypes.Manifest)
            throw new OciException($"{Descriptor.Digest} is no image manifest but {Descriptor.MediaType}.");
        var manifest = OciJson.Read(Content.Span, OciJson.Default.OciManifest, $"Manifest {Descriptor.Digest}");
        foreach (var part in manifest.Layers.Append(manifest.Config))
            if (part.Size < 0) throw new OciException($"Manifest {Descriptor.Digest} gives {part.Digest} a length of {part.Size}.");
        return manifest;
    }

    /// <summary>Reads it as an index.</summary>
    /// <exception cref="OciException">It is a manifest, or broken.</exception>
    public OciIndex ReadIndex() => Descriptor.MediaType == OciMediaTypes.Index
        ? OciJson.Read(Content.Span, OciJson.Default.OciIndex, $"Index {Descriptor.Digest}")
        : throw new OciException($"{Descriptor.Digest} is no index but {Descriptor.MediaType}.");
}
