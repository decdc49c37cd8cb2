namespace StratusLab.Sdk;

/// <summary>What was decided of one waiting job or one idle node when it was looked at last, and why.</summary>
public sealed record BurstPlanEntry
{
    /// <summary>The burst.</summary>
    public required string Burst { get; init; }

    /// <summary>The job; null where it is about a node.</summary>
    public string? JobId { get; init; }

    /// <summary>The node; null where it is about a job.</summary>
    public string? Node { get; init; }

    /// <summary>What was decided.</summary>
    public required BurstDecisionKind Decision { get; init; }

    /// <summary>Why, as a stable code.</summary>
    public required BurstReason ReasonCode { get; init; }

    /// <summary>Why, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>For how long the job is predicted to wait for local nodes; null if it can never start there.</summary>
    public TimeSpan? PredictedWait { get; init; }

    /// <summary>The worst that it can cost, in US dollars.</summary>
    public decimal EstimatedCost { get; init; }

    /// <summary>Nodes that it needs.</summary>
    public int NodeCount { get; init; }

    /// <summary>The class of node that it is to use.</summary>
    public string? NodeClass { get; init; }

    /// <summary>When it was decided, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What is decided about what.</summary>
    public override string ToString() => $"{Decision} {JobId ?? Node}: {Reason}";

    internal static BurstPlanEntry Of(string burst, BurstDecision decision, DateTimeOffset at) => new()
    {
        Burst = burst,
        JobId = decision.JobId,
        Node = decision.Node,
        Decision = decision.Kind,
        ReasonCode = decision.ReasonCode,
        Reason = decision.Reason,
        PredictedWait = decision.PredictedWait,
        EstimatedCost = decision.EstimatedCost,
        NodeCount = decision.NodeCount,
        NodeClass = decision.NodeClass,
        At = at,
    };
}
