using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What VMs of one kind need of a host. VMs that share it are judged once per host.</summary>
internal sealed record PlacementShape
{
    public required int Cpu { get; init; }

    public required ByteSize Memory { get; init; }

    /// <summary>What a new VM takes of the pool at once: disks are thin and grow later.</summary>
    public ByteSize Storage { get; init; }

    /// <summary>What the image takes on a host that does not have it yet, and its digest.</summary>
    public ByteSize ImageStorage { get; init; }

    public string? ImageDigest { get; init; }

    public string? Architecture { get; init; }

    public Firmware Firmware { get; init; }

    public IReadOnlyList<string> HostNames { get; init; } = [];

    public IReadOnlyDictionary<string, string> HostLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>VMs with this label, <c>key=value</c>, never share a host.</summary>
    public string? ApartLabel { get; init; }

    public PlacementPolicy Policy { get; init; }
}
