namespace StratusLab.Sdk;

/// <summary>What a controller saw and did when it looked.</summary>
public sealed record BurstTick
{
    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the burst grows.</summary>
    public required BurstRunState State { get; init; }

    /// <summary>What was decided.</summary>
    public IReadOnlyList<BurstDecision> Decisions { get; init; } = [];

    /// <summary>What nodes went through.</summary>
    public IReadOnlyList<BurstTransition> Transitions { get; init; } = [];

    /// <summary>Nodes that the host may have.</summary>
    public int NodeCount { get; init; }

    /// <summary>Those of them that take jobs or run them.</summary>
    public int ReadyCount { get; init; }

    /// <summary>Jobs that wait, by the batch system; null if it did not answer.</summary>
    public int? PendingJobs { get; init; }

    /// <summary>The money of the day.</summary>
    public required BurstBudget Budget { get; init; }

    /// <summary>What hinders it; empty if nothing does.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
