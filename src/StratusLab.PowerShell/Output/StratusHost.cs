using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>A registered host with what it reported now.</summary>
public sealed record StratusHost
{
    /// <summary>How the site knows it.</summary>
    public required HostDefinition Definition { get; init; }

    /// <summary>What it reported; null if it was not asked.</summary>
    public HostStatus? Status { get; init; }

    /// <summary>The name by which the site calls it.</summary>
    public string Name => Definition.Name;

    /// <summary>Where it is.</summary>
    public string Uri => Definition.Uri;

    /// <summary>Whether it can take work; null if it was not asked.</summary>
    public HostHealth? State => Status?.Health;

    /// <summary>What is wrong and what to do about it.</summary>
    public string? Problem => Status?.Problem;

    /// <summary>Labels that placement can ask for.</summary>
    public IReadOnlyDictionary<string, string> Labels => Definition.Labels;

    /// <summary>How it executes guests.</summary>
    public Accelerator Accelerator => Status?.Accelerator ?? Definition.DecidedAccelerator ?? Definition.Accelerator;

    /// <summary>Physical CPUs.</summary>
    public int? Cpu => Status?.Cpu;

    /// <summary>Virtual CPUs given to VMs.</summary>
    public int? CpuAllocated => Status?.CpuAllocated;

    /// <summary>Physical memory.</summary>
    public ByteSize? Memory => Status?.Memory;

    /// <summary>Memory given to VMs.</summary>
    public ByteSize? MemoryAllocated => Status?.MemoryAllocated;

    /// <summary>What the storage pool has left.</summary>
    public ByteSize? StorageFree => Status?.StorageFree;

    /// <summary>VMs on the host, whoever made them.</summary>
    public int? VmCount => Status?.VmCount;

    /// <summary>VMs that it may have at most; null for no limit.</summary>
    public int? MaxVM => Definition.MaxVm;

    /// <summary>Virtual CPUs of its VMs at most; null for no limit.</summary>
    public int? MaxVCpu => Definition.MaxVCpu;

    /// <summary>What its VMs may cost an hour at most, in US dollars; null for no limit.</summary>
    public decimal? MaxHourlyCost => Definition.MaxHourlyCost;

    /// <summary>What its VMs cost an hour, in US dollars; null where they cost nothing or it was not asked.</summary>
    public decimal? HourlyCost => Status?.HourlyCost;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
