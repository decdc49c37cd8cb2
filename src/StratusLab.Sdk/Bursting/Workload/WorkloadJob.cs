namespace StratusLab.Sdk;

/// <summary>A job of a workload trace.</summary>
public sealed record WorkloadJob
{
    /// <summary>Its identity in the trace.</summary>
    public required string Id { get; init; }

    /// <summary>When it was submitted, in UTC.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>How long it ran, 0 or more.</summary>
    public required TimeSpan RunTime { get; init; }

    /// <summary>How long it might have run, as its user said; null if the trace does not tell.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Processors that it had, 1 or more.</summary>
    public required int Processors { get; init; }

    /// <summary>Nodes that it had; null if the trace does not tell.</summary>
    public int? Nodes { get; init; }

    /// <summary>Whose it was; empty if the trace does not tell.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>The identity.</summary>
    public override string ToString() => Id;
}
