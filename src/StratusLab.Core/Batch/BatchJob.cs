namespace StratusLab.Core;

/// <summary>A job that waits or runs, as its batch system reported it at one moment.</summary>
public sealed record BatchJob
{
    /// <summary>The batch system's own identity of it, such as <c>1234</c> or, for one task of an array, <c>1234_7</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Whose it is.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>The account that pays for it; empty if there is none.</summary>
    public string Account { get; init; } = string.Empty;

    /// <summary>Where it stands.</summary>
    public required BatchJobState State { get; init; }

    /// <summary>Why it waits, in the batch system's own word, such as <c>Resources</c>; empty if it does not.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>The partitions (queues) that it may run in, in order.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];

    /// <summary>Nodes that it needs at once, 1 or more.</summary>
    public int NodeCount { get; init; } = 1;

    /// <summary>CPUs that it needs on each node, 1 or more.</summary>
    public int CpuPerNode { get; init; } = 1;

    /// <summary>Memory that it needs on each node; zero where it did not say.</summary>
    public ByteSize MemoryPerNode { get; init; }

    /// <summary>GPUs that it needs on each node.</summary>
    public int GpuPerNode { get; init; }

    /// <summary>Whether it takes its nodes whole, however little it needs of them.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>Node features that it asks for, all of them.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Names of the nodes that it has; empty while it waits.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>When it was submitted, in UTC.</summary>
    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it started, in UTC; null while it waits.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The longest that it may run; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The batch system's priority: the greater starts first.</summary>
    public double Priority { get; init; }

    /// <summary>The identity.</summary>
    public override string ToString() => Id;
}
