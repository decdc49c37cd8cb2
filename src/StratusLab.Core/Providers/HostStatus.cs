namespace StratusLab.Core;

/// <summary>A host's capacity, use and versions at one moment.</summary>
public sealed record HostStatus
{
    /// <summary>The registered name.</summary>
    public required string Host { get; init; }

    /// <summary>Whether it can take work.</summary>
    public required HostHealth Health { get; init; }

    /// <summary>What is wrong and what to do about it, unless <see cref="HostHealth.Ready"/>.</summary>
    public string? Problem { get; init; }

    /// <summary>An identity of the machine that does not depend on the URI; null if it has none.</summary>
    public string? MachineId { get; init; }

    /// <summary>CPU architecture, such as <c>x86_64</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>Hypervisor and version, such as <c>QEMU 7.2.0</c>.</summary>
    public string? Hypervisor { get; init; }

    /// <summary>Management service and version, such as <c>libvirt 9.0.0</c>.</summary>
    public string? Manager { get; init; }

    /// <summary>How guests are executed; null while undecided.</summary>
    public Accelerator? Accelerator { get; init; }

    /// <summary>Physical CPUs (threads).</summary>
    public int Cpu { get; init; }

    /// <summary>Virtual CPUs given to VMs, whoever made them.</summary>
    public int CpuAllocated { get; init; }

    /// <summary>Physical memory.</summary>
    public ByteSize Memory { get; init; }

    /// <summary>Memory given to VMs, whoever made them.</summary>
    public ByteSize MemoryAllocated { get; init; }

    /// <summary>Size of the storage pool.</summary>
    public ByteSize Storage { get; init; }

    /// <summary>What the storage pool has left.</summary>
    public ByteSize StorageFree { get; init; }

    /// <summary>VMs on the host, whoever made them.</summary>
    public int VmCount { get; init; }

    /// <summary>Whether the host buys room as it is needed: its CPUs, memory and storage have no end of their own, only what its definition declares.</summary>
    public bool IsElastic { get; init; }

    /// <summary>How long a VM may be missing from the host's listing after it was created; zero on a host that tells at once.</summary>
    public TimeSpan ListingDelay { get; init; }

    /// <summary>What the VMs that StratusLab made cost an hour, in US dollars; null on a host that costs nothing.</summary>
    public decimal? HourlyCost { get; init; }

    /// <summary>When this was read, in UTC.</summary>
    public DateTimeOffset At { get; init; }
}
