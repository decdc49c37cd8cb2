using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An image's disk as a host of the site keeps it.</summary>
public sealed record HostedImage
{
    /// <summary>The registered name of the host.</summary>
    public required string Host { get; init; }

    /// <summary>The images of the local store that have this disk, as <c>name:version</c>; none for what another site placed there.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>SHA-256 of the disk file.</summary>
    public required string DiskDigest { get; init; }

    /// <summary>What it takes on the host.</summary>
    public required ByteSize StoredSize { get; init; }

    /// <summary>Disks of VMs that are made from it, by whichever site.</summary>
    public required int UseCount { get; init; }

    /// <summary>When a VM was last made from it, in UTC and to a few minutes; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Whether VMs can be made from it; one that was found damaged and removed stays for the VMs that use it.</summary>
    public bool IsUsable { get; init; }

    /// <summary>The first of <see cref="Images"/>, or the digest.</summary>
    public override string ToString() => $"{(Images.Count > 0 ? Images[0] : DiskDigest)} on {Host}";
}
