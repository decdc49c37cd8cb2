using System.Text.Json;
using System.Text.Json.Serialization;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>What the config of an image artifact says: media type <see cref="ImageMediaTypes.Metadata"/>.</summary>
internal sealed record ImageMetadata
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>In the words of the Go language, as the OCI image configuration wants it.</summary>
    public required string Architecture { get; init; }

    public required Firmware Firmware { get; init; }

    public required string DefaultUser { get; init; }

    public required DiskFormat Format { get; init; }

    public required long VirtualSize { get; init; }

    /// <summary>Length of the disk file where the layer holds it compressed.</summary>
    public long? DiskSize { get; init; }

    public string? Creator { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public ImageKind Kind { get; init; }

    public IReadOnlyList<int>? InboundPorts { get; init; }

    public string? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>In place of a disk: the identities of images that hosts have themselves, by the places they lie in.</summary>
    public IReadOnlyDictionary<string, string>? HostImages { get; init; }

    // What the OCI image configuration asks for ("OCI Image Configuration", REQUIRED properties), beside the architecture.
    public string Os { get; init; } = "linux";

    public RootFileSystem? Rootfs { get; init; }

    public StratusImage ToImage(OciDigest manifest, OciDescriptor disk) => new()
    {
        Name = Name,
        Version = Version,
        Digest = manifest.ToString(),
        DiskDigest = HostImages is not null ? manifest.ToString() : ImageMediaTypes.IsCompressed(disk.MediaType) ? Rootfs!.DiffIds[0] : disk.Digest.ToString(),
        Format = Format,
        VirtualSize = new ByteSize(VirtualSize),
        StoredSize = HostImages is not null ? ByteSize.Zero : new ByteSize(disk.Size),
        DiskSize = HostImages is not null ? ByteSize.Zero : new ByteSize(DiskSize ?? disk.Size),
        HostImages = HostImages,
        Firmware = Firmware,
        Architecture = KernelArchitectureOf(Architecture),
        DefaultUser = DefaultUser,
        Title = Title,
        Description = Description,
        Creator = Creator,
        CreatedAt = Created,
        ValidUntil = ValidUntil,
        Kind = Kind,
        Os = Os,
        InboundPorts = InboundPorts ?? [],
        Parent = Parent,
        Labels = Labels ?? new Dictionary<string, string>(),
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ImageMetadataJson.Default.ImageMetadata);

    public static string GoArchitectureOf(string kernel) => kernel switch
    {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "i686" => "386",
        _ => kernel,
    };

    private static string KernelArchitectureOf(string go) => go switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        "386" => "i686",
        _ => go,
    };

    public Dictionary<string, string> ToAnnotations()
    {
        var annotations = new Dictionary<string, string>
        {
            [OciAnnotations.Title] = Title ?? Name,
            [OciAnnotations.Version] = Version,
            [OciAnnotations.Created] = Created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        };
        if (Description is not null) annotations[OciAnnotations.Description] = Description;
        if (Creator is not null) annotations[OciAnnotations.Authors] = Creator;
        return annotations;
    }

    /// <summary>The digests of the layers before compression: the disk's own.</summary>
    internal sealed record RootFileSystem([property: JsonPropertyName("diff_ids")] IReadOnlyList<string> DiffIds)
    {
        public string Type { get; init; } = "layers";
    }
}
