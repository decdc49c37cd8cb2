using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What to change of a host's registration; null leaves a thing as it is.</summary>
public sealed record HostChange
{
    /// <summary>The labels that it shall have, all of them.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Virtual CPUs placed per physical CPU, 0.1 to 64.</summary>
    public double? CpuOvercommit { get; init; }

    /// <summary>Memory placed per physical memory, 0.1 to 4.</summary>
    public double? MemoryOvercommit { get; init; }

    /// <summary>How guests are to be executed; <see cref="Core.Accelerator.Auto"/> decides anew.</summary>
    public Accelerator? Accelerator { get; init; }

    /// <summary>Storage pool for images and disks.</summary>
    public string? Pool { get; init; }

    /// <summary>Network that VMs join unless they ask for another.</summary>
    public string? Network { get; init; }

    /// <summary>How much of the pool the disks of images may take together; <see cref="ByteSize.Zero"/> for no limit.</summary>
    public ByteSize? ImageCacheLimit { get; init; }

    /// <summary>VMs that it may have at most, 0 or more; -1 for no limit.</summary>
    public int? MaxVm { get; init; }

    /// <summary>Virtual CPUs of its VMs at most, 0 or more; -1 for no limit.</summary>
    public int? MaxVCpu { get; init; }

    /// <summary>What its VMs may cost an hour at most, in US dollars, 0 or more; -1 for no limit.</summary>
    public decimal? MaxHourlyCost { get; init; }
}
