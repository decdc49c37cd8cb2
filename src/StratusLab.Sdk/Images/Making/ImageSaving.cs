using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A VM that is to become an image. The VM itself stays as it is.</summary>
public sealed record ImageSaving : ImageMaking
{
    /// <summary>The VM, which runs or is off.</summary>
    public required VmId VM { get; init; }

    /// <summary>
    /// Takes the disk as it is. Only for a VM that is off, and that was cleaned by hand: else every VM of the image has the same
    /// host keys and machine-id as the first.
    /// </summary>
    public bool SkipCleaning { get; init; }
}
