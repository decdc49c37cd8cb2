namespace StratusLab.Sdk;

/// <summary>The centre and the cloud that a workload is replayed on.</summary>
public sealed record SimulationOptions
{
    /// <summary>The centre's own nodes, 0 or more; null for as many as the trace's centre had.</summary>
    public int? LocalNodes { get; init; }

    /// <summary>Processors of a node, by which a trace's processors become nodes, 1 or more. Jobs take nodes whole.</summary>
    public int ProcessorsPerNode { get; init; } = 1;

    /// <summary>What a burst node costs for an hour; at 1, costs are node-hours.</summary>
    public decimal NodePrice { get; init; } = 1;

    /// <summary>How long a burst node boots.</summary>
    public TimeSpan BootTime { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How far boot times spread around <see cref="BootTime"/>: the deviation of their logarithm, 0 for none, up to 2. None is longer than the policy's boot timeout.</summary>
    public double BootSpread { get; init; }

    /// <summary>What the time limit of a job is taken to be, as a multiple of its run time, where the trace does not tell; 1 or more.</summary>
    public double AssumedLimit { get; init; } = 2;

    /// <summary>What run times below it count as in slowdowns.</summary>
    public TimeSpan SlowdownBound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many samples the time series has, 2 to 100,000.</summary>
    public int SampleCount { get; init; } = 600;

    /// <summary>What boot times are drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether to tell what the policy would do with perfect knowledge: run times are known in advance, nodes boot at once and never idle.</summary>
    public bool IsClairvoyant { get; init; }

    internal void Validate()
    {
        if (LocalNodes is { } nodes) ArgumentOutOfRangeException.ThrowIfNegative(nodes, nameof(LocalNodes));
        ArgumentOutOfRangeException.ThrowIfLessThan(ProcessorsPerNode, 1, nameof(ProcessorsPerNode));
        ArgumentOutOfRangeException.ThrowIfNegative(NodePrice, nameof(NodePrice));
        ArgumentOutOfRangeException.ThrowIfLessThan(BootTime, TimeSpan.Zero, nameof(BootTime));
        if (!(BootSpread is >= 0 and <= 2)) throw new ArgumentOutOfRangeException(nameof(BootSpread), BootSpread, "The spread is 0 to 2.");
        if (!(AssumedLimit >= 1)) throw new ArgumentOutOfRangeException(nameof(AssumedLimit), AssumedLimit, "The assumed time limit is 1 or more times the run time.");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SlowdownBound, TimeSpan.Zero, nameof(SlowdownBound));
        if (SampleCount is < 2 or > 100_000) throw new ArgumentOutOfRangeException(nameof(SampleCount), SampleCount, "The number of samples is 2 to 100,000.");
    }
}
