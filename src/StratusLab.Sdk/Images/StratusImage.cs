using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An image of the local store.</summary>
public sealed record StratusImage
{
    /// <summary>Name, such as <c>debian</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version, such as <c>12</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of the OCI manifest: the image's identity.</summary>
    public required string Digest { get; init; }

    /// <summary>Digest of the disk file's bytes, unpacked if they are stored compressed; of an image without a disk, the manifest's.</summary>
    public required string DiskDigest { get; init; }

    /// <summary>Format of the disk file.</summary>
    public required DiskFormat Format { get; init; }

    /// <summary>The size that the guest sees.</summary>
    public required ByteSize VirtualSize { get; init; }

    /// <summary>Size of the disk file as it is stored, and sent to marketplaces.</summary>
    public required ByteSize StoredSize { get; init; }

    /// <summary>Size of the disk file as it is sent to hosts; larger than <see cref="StoredSize"/> where that is compressed.</summary>
    public required ByteSize DiskSize { get; init; }

    /// <summary>What it boots with.</summary>
    public required Firmware Firmware { get; init; }

    /// <summary>CPU architecture in the kernel's words, such as <c>x86_64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The user that accepts ssh keys.</summary>
    public required string DefaultUser { get; init; }

    /// <summary>A short title.</summary>
    public string? Title { get; init; }

    /// <summary>What is in it and for whom.</summary>
    public string? Description { get; init; }

    /// <summary>Who made it.</summary>
    public string? Creator { get; init; }

    /// <summary>When it was published, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last moment at which it may be launched, in UTC; null for no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>A machine to boot, or a disk of data.</summary>
    public ImageKind Kind { get; init; }

    /// <summary>The operating system, such as <c>linux</c>.</summary>
    public string Os { get; init; } = "linux";

    /// <summary>TCP ports that a VM of it serves, 1 to 65535.</summary>
    public IReadOnlyList<int> InboundPorts { get; init; } = [];

    /// <summary>The manifest digest of the image that this one was made from; null where it was made from none.</summary>
    public string? Parent { get; init; }

    /// <summary>The maker's own labels, which policy can ask for.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// For an image that only refers to images that hosts have themselves: their identities by the places they lie in, such as an AMI by its
    /// region. Null for an image with a disk of its own.
    /// </summary>
    public IReadOnlyDictionary<string, string>? HostImages { get; init; }

    /// <summary><c>name:version</c>, by which it can be asked for.</summary>
    public string Reference => $"{Name}:{Version}";

    /// <summary>What a provider needs to know of it.</summary>
    public ImageDescriptor ToDescriptor() => new()
    {
        Name = Name,
        Version = Version,
        Digest = Digest,
        DiskDigest = DiskDigest,
        DiskLength = DiskSize.Bytes,
        Format = Format,
        VirtualSize = VirtualSize,
        Firmware = Firmware,
        Architecture = Architecture,
        DefaultUser = DefaultUser,
        HostImages = HostImages,
    };

    /// <summary>The <see cref="Reference"/>.</summary>
    public override string ToString() => Reference;

    /// <summary>Whether both are the same image: its digest stands for all that it says.</summary>
    public bool Equals(StratusImage? other) => other is not null && Digest == other.Digest && Reference == other.Reference;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Digest, Reference);
}
