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

    /// <summary>Size of the system disk, which is paid for where VMs cost money.</summary>
    public ByteSize Disk { get; init; }

    /// <summary>Whether hosts that cost money may be taken although nobody named them.</summary>
    public bool AllowCloud { get; init; }

    public VmMarket Market { get; init; }

    public bool FallBackToOnDemand { get; init; }

    public string? MachineType { get; init; }

    public int Gpu { get; init; }

    public decimal? MaxHourlyPrice { get; init; }

    public bool OpensPorts { get; init; }

    public bool RemoveOnShutdown { get; init; }

    /// <summary>Whether money may be spent on a host: generally, or because its exact name was given.</summary>
    public bool MaySpendOn(string host) => AllowCloud || HostNames.Contains(host, StringComparer.OrdinalIgnoreCase);

    public PlacementPolicy Policy { get; init; }
}
