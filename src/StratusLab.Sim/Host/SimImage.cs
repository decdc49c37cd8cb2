using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>An image on a simulated host.</summary>
/// <param name="Descriptor">The image.</param>
/// <param name="Disk">Its disk; null for one that is too large to be kept in memory.</param>
internal sealed record SimImage(ImageDescriptor Descriptor, byte[]? Disk)
{
    public DateTimeOffset PlacedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public bool IsUsable { get; init; } = true;

    public string Digest => Descriptor.DiskDigest;

    public ByteSize Length => new(Descriptor.DiskLength);
}
