namespace StratusLab.Kvm;

/// <summary>The volume that holds an image's disk, and what other volumes say about it.</summary>
/// <param name="Names">Its generation.</param>
/// <param name="Volume">Its name.</param>
internal sealed record ImageBase(ImageNames Names, string Volume)
{
    /// <summary>What says that it was complete and verified.</summary>
    public required IReadOnlyList<ImageMark> Marks { get; init; }

    /// <summary>Whether nobody builds on it any more.</summary>
    public required bool IsRetired { get; init; }

    /// <summary>Whether it was complete and verified, and may be built on if it has not changed since.</summary>
    public bool IsUsable => Marks.Count > 0 && !IsRetired;
}
