namespace StratusLab.Slurm;

/// <summary>A node as either reader found it, in Slurm's own units.</summary>
internal sealed record SlurmNode
{
    public required string Name { get; init; }

    /// <summary>The state and its flags, upper case, without marks.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    public IReadOnlyList<string> Partitions { get; init; } = [];

    public int Cpus { get; init; }

    public int AllocatedCpus { get; init; }

    /// <summary>In MiB.</summary>
    public long Memory { get; init; }

    /// <summary>In MiB.</summary>
    public long AllocatedMemory { get; init; }

    public string Gres { get; init; } = string.Empty;

    public IReadOnlyList<string> Features { get; init; } = [];

    public string Address { get; init; } = string.Empty;

    public string InstanceId { get; init; } = string.Empty;

    public string Extra { get; init; } = string.Empty;

    public DateTimeOffset? BootedAt { get; init; }

    public string Reason { get; init; } = string.Empty;
}
