using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A burst node as the ledger knows it.</summary>
public sealed record BurstNode
{
    /// <summary>The name by which the batch system knows it.</summary>
    public required string Name { get; init; }

    /// <summary>Its class.</summary>
    public required string NodeClass { get; init; }

    /// <summary>The market it was bought on.</summary>
    public VmMarket Market { get; init; }

    /// <summary>What it costs for an hour with its disk.</summary>
    public required decimal PricePerHour { get; init; }

    /// <summary>Where it stands.</summary>
    public required BurstNodePhase Phase { get; init; }

    /// <summary>Since when it is paid for, in UTC.</summary>
    public required DateTimeOffset LaunchedAt { get; init; }

    /// <summary>Since when it is idle, in UTC; null while it is not.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>The job that runs on it or that it is meant for; null if it is free.</summary>
    public string? JobId { get; init; }

    /// <summary>Until when it is paid for in the worst case, in UTC; what is reserved in the budget for it.</summary>
    public required DateTimeOffset CommittedUntil { get; init; }

    /// <summary>Whether it is there, or will be, for any job.</summary>
    public bool IsFree => JobId is null && Phase is (BurstNodePhase.Idle or BurstNodePhase.Booting);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
