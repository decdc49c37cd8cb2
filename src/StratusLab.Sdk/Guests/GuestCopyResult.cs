using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What came of a copy to or from one guest.</summary>
public sealed record GuestCopyResult
{
    /// <summary>The VM.</summary>
    public required VmId VmId { get; init; }

    /// <summary>The VM's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host that runs it.</summary>
    public string Host => VmId.Host;

    /// <summary>What was copied.</summary>
    public required string Source { get; init; }

    /// <summary>Where it went for this VM.</summary>
    public required string Destination { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The way that was taken.</summary>
    public GuestChannel Channel { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public StratusException? Failure { get; init; }

    /// <summary>Whether it was copied.</summary>
    public bool Succeeded => Failure is null;
}
