namespace StratusLab.Sdk;

/// <summary>A burst at one moment, as the ledger tells it; nobody else is asked.</summary>
public sealed record BurstStatus
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required BurstDefinition Definition { get; init; }

    /// <summary>Whether it grows.</summary>
    public required BurstRunState State { get; init; }

    /// <summary>Who controls it; null if nobody does.</summary>
    public string? Controller { get; init; }

    /// <summary>Until when that holds without being renewed, in UTC.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Nodes that the host may have, by state.</summary>
    public IReadOnlyDictionary<BurstNodeState, int> Nodes { get; init; } = new Dictionary<BurstNodeState, int>();

    /// <summary>How many that are together.</summary>
    public int NodeCount { get; init; }

    /// <summary>Jobs that were let onto burst nodes and have not ended.</summary>
    public int GrantCount { get; init; }

    /// <summary>What may be spent in a day, in US dollars.</summary>
    public decimal DailyBudget { get; init; }

    /// <summary>What was spent since midnight in UTC, in US dollars.</summary>
    public decimal SpentToday { get; init; }

    /// <summary>What is reserved for the rest of the day in the worst case, in US dollars.</summary>
    public decimal ReservedToday { get; init; }

    /// <summary>What hinders it now; null if nothing does.</summary>
    public string? Problem { get; init; }

    /// <summary>When its controller looked at it last, in UTC; null if none ever did.</summary>
    public DateTimeOffset? TickedAt { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
