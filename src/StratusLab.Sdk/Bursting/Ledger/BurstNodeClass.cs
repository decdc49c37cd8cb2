using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Burst nodes of one kind, and the names that they may have.</summary>
public sealed record BurstNodeClass
{
    /// <summary>The name, such as <c>c7i.4xlarge</c> or <c>burst</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The names that its nodes may have, by the batch system; each is valid by <see cref="ResourceName"/>.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>CPUs of a node, 1 or more.</summary>
    public required int Cpu { get; init; }

    /// <summary>Memory of a node.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>Memory of a node's machine where the host makes it to measure; zero for <see cref="Memory"/>.</summary>
    public ByteSize MachineMemory { get; init; }

    /// <summary>System disk of a node; zero for the image's own size.</summary>
    public ByteSize Disk { get; init; }

    /// <summary>GPUs of a node.</summary>
    public int Gpu { get; init; }

    /// <summary>Features of a node that jobs can ask for.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The only machine type that will do; null for any that fits.</summary>
    public string? MachineType { get; init; }

    /// <summary>The markets that nodes may be bought on; spot goes to on-demand where both are here and spot has none.</summary>
    public IReadOnlyList<VmMarket> Markets { get; init; } = [VmMarket.OnDemand];

    /// <summary>What a node counts for an hour on a host that has no prices of its own, in US dollars, 0 or more.</summary>
    public decimal PricePerHour { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
