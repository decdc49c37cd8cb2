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

    public required string Architecture { get; init; }

    public required Firmware Firmware { get; init; }

    public required string DefaultUser { get; init; }

    public required DiskFormat Format { get; init; }

    public required long VirtualSize { get; init; }

    public string? Creator { get; init; }

    public required DateTimeOffset Created { get; init; }

    public StratusImage ToImage(OciDigest manifest, OciDescriptor disk) => new()
    {
        Name = Name,
        Version = Version,
        Digest = manifest.ToString(),
        DiskDigest = disk.Digest.ToString(),
        Format = Format,
        VirtualSize = new ByteSize(VirtualSize),
        StoredSize = new ByteSize(disk.Size),
        Firmware = Firmware,
        Architecture = Architecture,
        DefaultUser = DefaultUser,
        Title = Title,
        Description = Description,
        Creator = Creator,
        CreatedAt = Created,
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
}
