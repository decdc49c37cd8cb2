namespace StratusLab.Sdk;

/// <summary>What became of a workload under one policy.</summary>
public sealed record SimulationResult
{
    /// <summary>The trace.</summary>
    public required string Trace { get; init; }

    /// <summary>The policy; None for no bursting at all.</summary>
    public required string Policy { get; init; }

    /// <summary>What could be spent in a day; null for no limit.</summary>
    public decimal? DailyBudget { get; init; }

    /// <summary>Jobs that ran.</summary>
    public required int JobCount { get; init; }

    /// <summary>Jobs that are larger than the centre and ran nowhere; they count in nothing else.</summary>
    public int RefusedCount { get; init; }

    /// <summary>Jobs that ran on burst nodes.</summary>
    public int BurstJobCount { get; init; }

    /// <summary>Mean time from submission to start.</summary>
    public required TimeSpan MeanWait { get; init; }

    /// <summary>The wait that 95 of 100 jobs do not pass.</summary>
    public required TimeSpan P95Wait { get; init; }

    /// <summary>Mean of (wait + run time) / run time, with short run times taken for the bound, 1 or more.</summary>
    public required double BoundedSlowdown { get; init; }

    /// <summary>Hours that burst nodes were paid for.</summary>
    public double BilledNodeHours { get; init; }

    /// <summary>The part of those in which no job ran, 0 to 1.</summary>
    public double Waste { get; init; }

    /// <summary>What they cost.</summary>
    public decimal Cost { get; init; }

    /// <summary>The most that was spent in a day.</summary>
    public decimal MaxDayCost { get; init; }

    /// <summary>How far the worst day went over the budget, as a part of it; 0 for never.</summary>
    public double Overshoot { get; init; }

    /// <summary>Launches of burst nodes.</summary>
    public int LaunchCount { get; init; }

    /// <summary>The most burst nodes at once.</summary>
    public int MaxBurstNodes { get; init; }

    /// <summary>The time from the first submission to the last end.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>Decisions on jobs that were taken.</summary>
    public long DecisionCount { get; init; }

    /// <summary>How things stood, in equal steps.</summary>
    public IReadOnlyList<SimulationSample> Series { get; init; } = [];

    /// <summary>Policy and trace.</summary>
    public override string ToString() => $"{Policy} on {Trace}";
}
