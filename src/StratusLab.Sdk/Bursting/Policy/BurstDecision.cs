using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>One thing that was decided, on its own: decisions can be carried out one by one, in their order.</summary>
public sealed record BurstDecision
{
    /// <summary>What is to be done.</summary>
    public required BurstDecisionKind Kind { get; init; }

    /// <summary>Why, as a stable code.</summary>
    public required BurstReason ReasonCode { get; init; }

    /// <summary>The job concerned; null where a decision concerns none.</summary>
    public string? JobId { get; init; }

    /// <summary>The burst node concerned; null where a decision concerns none.</summary>
    public string? Node { get; init; }

    /// <summary>The class of node that the job is to use or that is to be launched; null where there is none.</summary>
    public string? NodeClass { get; init; }

    /// <summary>The market on which nodes are to be launched.</summary>
    public VmMarket Market { get; init; }

    /// <summary>Nodes that the job needs, or that are to be launched.</summary>
    public int NodeCount { get; init; }

    /// <summary>Nodes that are there already and are meant for the job.</summary>
    public IReadOnlyList<string> WarmNodes { get; init; } = [];

    /// <summary>For how long the job is predicted to wait for local nodes; null if it can never start there, or if no job is concerned.</summary>
    public TimeSpan? PredictedWait { get; init; }

    /// <summary>The worst that it can cost from now on, beyond what is reserved already: price x nodes x (boot + time limit + idle hold), disks among it.</summary>
    public decimal EstimatedCost { get; init; }

    /// <summary>Until when nodes are to be reserved, in UTC; null where nothing is.</summary>
    public DateTimeOffset? CommittedUntil { get; init; }

    /// <summary>The bound that decided, in the unit of its reason: a wait, a number of nodes, an amount of money.</summary>
    internal BurstBound Bound { get; init; }

    /// <summary>Why, for people.</summary>
    public string Reason => BurstReasonText.Describe(this);

    /// <summary>What is decided about what.</summary>
    public override string ToString() => $"{Kind} {JobId ?? Node ?? NodeClass}: {Reason}";
}
