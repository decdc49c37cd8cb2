using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>An image in a pool and its use.</summary>
/// <param name="Names">Its names.</param>
/// <param name="Generations">The volumes that hold it.</param>
internal sealed record CataloguedImage(ImageNames Names, IReadOnlyList<ImageBase> Generations)
{
    /// <summary>Bytes that it takes.</summary>
    public required ByteSize Length { get; init; }

    /// <summary>Overlays of it.</summary>
    public required int UseCount { get; init; }

    /// <summary>When it was written; null where the pool does not tell.</summary>
    public required DateTimeOffset? PlacedAt { get; init; }

    /// <summary>When VMs were made from it last; null for never.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Whether VMs can be made from it.</summary>
    public bool IsUsable => Generations.Any(image => image.IsUsable);

    /// <summary>Whether somebody is sending it, as far as one can tell without waiting.</summary>
    public bool IsUnderWay => Generations.Any(image => image is { IsRetired: false, Marks.Count: 0 });
}
