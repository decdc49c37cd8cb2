using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>An image on a simulated host, which keeps no bytes: they are read where they came from.</summary>
/// <param name="Content">The image.</param>
internal sealed record SimImage(ImageContent Content)
{
    public DateTimeOffset PlacedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public bool IsUsable { get; init; } = true;

    public string Digest => Content.Descriptor.DiskDigest;

    public ByteSize Length => new(Content.Descriptor.DiskLength);
}
