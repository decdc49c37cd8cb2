using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A disk file to be published as an image, and what to say about it.</summary>
public sealed record ImagePublication
{
    /// <summary>The disk file, or its <c>https</c> URL (<c>http</c> only for this machine's loopback); then <see cref="Checksum"/> is needed.</summary>
    public required string Path { get; init; }

    /// <summary>For a URL, the file's SHA-256 or SHA-512 in hexadecimal digits, or the URL of a list in the form of sha256sum(1) or of BSD that has it.</summary>
    public string? Checksum { get; init; }

    /// <summary>The name: lower-case letters, digits, and single <c>.</c>, <c>_</c> or <c>-</c> between them, at most 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The version: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 128 characters.</summary>
    public string Version { get; init; } = "latest";

    /// <summary>A short title.</summary>
    public string? Title { get; init; }

    /// <summary>What is in it and for whom.</summary>
    public string? Description { get; init; }

    /// <summary>CPU architecture in the kernel's words, such as <c>x86_64</c>.</summary>
    public string Architecture { get; init; } = "x86_64";

    /// <summary>What it boots with; null for what the disk shows: UEFI where a raw disk has an EFI system partition and no BIOS boot code, else BIOS.</summary>
    public Firmware? Firmware { get; init; }

    /// <summary>The user that accepts ssh keys.</summary>
    public string DefaultUser { get; init; } = "root";

    /// <summary>Store and send it compressed with gzip; hosts get it unpacked.</summary>
    public bool Compress { get; init; }

    /// <summary>Format of the file; null for what its content shows. If given, the content must agree.</summary>
    public DiskFormat? Format { get; init; }

    /// <summary>Who made it; null for the site's owner.</summary>
    public string? Creator { get; init; }

    /// <summary>The last moment at which it may be launched, in UTC; null for no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>A machine to boot, or a disk of data.</summary>
    public ImageKind Kind { get; init; }

    /// <summary>The operating system, in the Go language's words, such as <c>linux</c>.</summary>
    public string Os { get; init; } = "linux";

    /// <summary>TCP ports that a VM of it serves, 1 to 65535.</summary>
    public IReadOnlyList<int> InboundPorts { get; init; } = [];

    /// <summary>The manifest digest of the image that this one was made from.</summary>
    public string? Parent { get; init; }

    /// <summary>Labels that policy can ask for.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
