using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An image as a marketplace or the local store tells of it; its disk need not be here.</summary>
public sealed record FoundImage
{
    /// <summary>The marketplace; null for the local store.</summary>
    public string? Marketplace { get; init; }

    /// <summary>Name, such as <c>debian</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version, such as <c>12</c>.</summary>
    public required string Version { get; init; }

    /// <summary>All versions under which the same image is there, such as <c>12</c> and <c>latest</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Digest of the OCI manifest; null where the image is no OCI artifact yet.</summary>
    public string? Digest { get; init; }

    /// <summary>The operating system, such as <c>linux</c>.</summary>
    public string Os { get; init; } = "linux";

    /// <summary>CPU architecture in the kernel's words, such as <c>x86_64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>A short title.</summary>
    public string? Title { get; init; }

    /// <summary>What is in it and for whom.</summary>
    public string? Description { get; init; }

    /// <summary>Who made it.</summary>
    public string? Creator { get; init; }

    /// <summary>When it was made, in UTC; null where nobody says.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The last moment at which it may be launched, in UTC; null for no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>A machine to boot, or a disk of data.</summary>
    public ImageKind Kind { get; init; }

    /// <summary>Bytes that receiving it moves.</summary>
    public required ByteSize StoredSize { get; init; }

    /// <summary>The maker's own labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Who vouches for it, with signatures that are good: subjects of certificates. Whether they count here is decided at launch.</summary>
    public IReadOnlyList<string> Endorsers { get; init; } = [];

    /// <summary>Why it should no longer be used; null if nobody says so.</summary>
    public string? Deprecation { get; init; }

    /// <summary>What to use instead of a deprecated one.</summary>
    public string? Replacement { get; init; }

    /// <summary>Whether <see cref="ValidUntil"/> has passed.</summary>
    public bool IsExpired { get; init; }

    /// <summary>Whether somebody who vouches for it says that it should no longer be used.</summary>
    public bool IsDeprecated => Deprecation is not null;

    /// <summary>Whether the same image is in the local store.</summary>
    public bool IsLocal { get; init; }

    /// <summary>By which it can be received or launched: <c>marketplace/name:version</c>, or <c>name:version</c> of the local store.</summary>
    public string Reference => Marketplace is null ? $"{Name}:{Version}" : $"{Marketplace}/{Name}:{Version}";

    /// <summary>The <see cref="Reference"/>.</summary>
    public override string ToString() => Reference;
}
