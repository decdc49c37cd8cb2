namespace StratusLab.Core;

/// <summary>What a provider must know of an image to launch from it.</summary>
public sealed record ImageDescriptor
{
    /// <summary>Name, such as <c>debian</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version, such as <c>12</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of the OCI manifest, <c>sha256:</c> and 64 hexadecimal digits: the image's identity.</summary>
    public required string Digest { get; init; }

    /// <summary>Digest of the disk file's bytes, in the same form.</summary>
    public required string DiskDigest { get; init; }

    /// <summary>Length of the disk file in bytes.</summary>
    public required long DiskLength { get; init; }

    /// <summary>Format of the disk file.</summary>
    public required DiskFormat Format { get; init; }

    /// <summary>The size that the guest sees.</summary>
    public required ByteSize VirtualSize { get; init; }

    /// <summary>What it boots with.</summary>
    public Firmware Firmware { get; init; }

    /// <summary>CPU architecture in the kernel's words, such as <c>x86_64</c>.</summary>
    public string Architecture { get; init; } = "x86_64";

    /// <summary>The user that accepts ssh keys.</summary>
    public string DefaultUser { get; init; } = "root";

    /// <summary>
    /// For an image that is only a reference to what hosts have themselves: the host's identity of it by the place that it lies in
    /// (<see cref="INativeImageHost.ImagePlace"/>). Null for an image with a disk of its own. A reference launches only on hosts of these places;
    /// its disk digest is its manifest's, and its disk length is 0.
    /// </summary>
    public IReadOnlyDictionary<string, string>? HostImages { get; init; }

    /// <summary><c>name:version</c>.</summary>
    public override string ToString() => $"{Name}:{Version}";
}
