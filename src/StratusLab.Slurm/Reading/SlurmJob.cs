namespace StratusLab.Slurm;

/// <summary>One record of Slurm's queue, as either reader found it, in Slurm's own units. A pending array is one record.</summary>
internal sealed record SlurmJob
{
    /// <summary>The number by which <c>scontrol</c> knows it; for a task that of the array, for a component that of its leader.</summary>
    public required long Id { get; init; }

    /// <summary>The task's number, for a task of an array that has a record of its own.</summary>
    public long? ArrayTask { get; init; }

    /// <summary>The tasks that a pending array still has, such as <c>2-8,10%2</c>; empty for what is none.</summary>
    public string ArrayTasks { get; init; } = string.Empty;

    /// <summary>Which component of a heterogeneous job it is; null for other jobs.</summary>
    public int? Component { get; init; }

    public string Name { get; init; } = string.Empty;

    public string User { get; init; } = string.Empty;

    public string Account { get; init; } = string.Empty;

    /// <summary>The state and its flags, upper case.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    public string Reason { get; init; } = string.Empty;

    public string Partitions { get; init; } = string.Empty;

    /// <summary>Nodes at least.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>CPUs over all nodes.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>CPUs that each node must have at least.</summary>
    public int MinCpusPerNode { get; init; }

    public int Tasks { get; init; }

    /// <summary>Memory for each node in MiB; zero if it did not say.</summary>
    public long MemoryPerNode { get; init; }

    /// <summary>Memory for each CPU in MiB; zero if it did not say.</summary>
    public long MemoryPerCpu { get; init; }

    public string TresPerNode { get; init; } = string.Empty;

    public string TresPerJob { get; init; } = string.Empty;

    public string TresPerTask { get; init; } = string.Empty;

    public string TresPerSocket { get; init; } = string.Empty;

    /// <summary>What was given to it, else what it asks for, all nodes together.</summary>
    public string Tres { get; init; } = string.Empty;

    /// <summary>Whether it shares its nodes with no other job, or with its own user's only.</summary>
    public bool IsExclusive { get; init; }

    public string Features { get; init; } = string.Empty;

    public string NodeList { get; init; } = string.Empty;

    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>For a pending job only a guess of Slurm's.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public SlurmTimeLimit TimeLimit { get; init; } = SlurmTimeLimit.Unset;

    public double Priority { get; init; }
}
