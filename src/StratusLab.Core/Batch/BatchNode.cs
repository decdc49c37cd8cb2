namespace StratusLab.Core;

/// <summary>A node as its batch system reported it at one moment.</summary>
public sealed record BatchNode
{
    /// <summary>The name by which the batch system knows it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it takes jobs.</summary>
    public required BatchNodeState State { get; init; }

    /// <summary>The partitions that it is in.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];

    /// <summary>Whether it exists only while it is wanted.</summary>
    public bool IsCloud { get; init; }

    /// <summary>CPUs.</summary>
    public int Cpu { get; init; }

    /// <summary>CPUs given to jobs.</summary>
    public int CpuAllocated { get; init; }

    /// <summary>Memory.</summary>
    public ByteSize Memory { get; init; }

    /// <summary>Memory given to jobs.</summary>
    public ByteSize MemoryAllocated { get; init; }

    /// <summary>GPUs.</summary>
    public int Gpu { get; init; }

    /// <summary>Features that jobs can ask for.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The address at which the batch system reaches it.</summary>
    public string? Address { get; init; }

    /// <summary>The instance behind a cloud node, if the batch system was told.</summary>
    public string? InstanceId { get; init; }

    /// <summary>When it booted, in UTC, as the batch system knows.</summary>
    public DateTimeOffset? BootedAt { get; init; }

    /// <summary>Why it is drained or down, in the words of whoever did it.</summary>
    public string? Reason { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
