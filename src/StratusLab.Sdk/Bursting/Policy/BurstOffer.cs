using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Burst nodes of one class as one market offers them.</summary>
public sealed record BurstOffer
{
    /// <summary>The class of node, such as <c>c7i.4xlarge</c>.</summary>
    public required string NodeClass { get; init; }

    /// <summary>The market.</summary>
    public VmMarket Market { get; init; }

    /// <summary>CPUs of a node.</summary>
    public required int Cpu { get; init; }

    /// <summary>Memory of a node.</summary>
    public ByteSize Memory { get; init; }

    /// <summary>GPUs of a node.</summary>
    public int Gpu { get; init; }

    /// <summary>Features of a node that jobs can ask for.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Price of a node for an hour, its disk left out, 0 or more.</summary>
    public required decimal PricePerHour { get; init; }

    /// <summary>Price of a node's disk for an hour, 0 or more.</summary>
    public decimal DiskPricePerHour { get; init; }

    /// <summary>Until when it is not to be asked, in UTC, because it failed before; null if it may be asked now.</summary>
    public DateTimeOffset? ClosedUntil { get; init; }

    /// <summary>What a node costs for an hour with its disk.</summary>
    public decimal FullPricePerHour => PricePerHour + DiskPricePerHour;

    /// <summary>Whether a node of it has what a job needs of each node.</summary>
    public bool Fits(BatchJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.CpuPerNode <= Cpu && job.GpuPerNode <= Gpu && (job.MemoryPerNode <= Memory || job.MemoryPerNode == ByteSize.Zero)
            && job.Features.All(f => Features.Contains(f, StringComparer.Ordinal));
    }

    /// <summary>Class and market.</summary>
    public override string ToString() => $"{NodeClass}/{Market}";
}
