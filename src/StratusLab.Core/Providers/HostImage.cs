namespace StratusLab.Core;

/// <summary>An image's disk as a host keeps it.</summary>
/// <param name="Host">The registered name of the host.</param>
/// <param name="DiskDigest">SHA-256 of the disk file.</param>
/// <param name="Length">Bytes that it takes on the host.</param>
/// <param name="WasSent">Whether this call had it sent or fetched; false if it was there.</param>
public sealed record HostImage(string Host, string DiskDigest, ByteSize Length, bool WasSent)
{
    /// <summary>Disks of VMs that are made from it, whoever made them; set by <see cref="IImageHost.ListImagesAsync"/>.</summary>
    public int UseCount { get; init; }

    /// <summary>When a VM was last made from it, in UTC and to a few minutes, by whichever site; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Whether VMs can be made from it. One that was found damaged and removed stays, unusable, for as long as VMs use it.</summary>
    public bool IsUsable { get; init; } = true;
}
