namespace StratusLab.Core;

/// <summary>A host as the site's catalogue knows it.</summary>
public sealed record HostDefinition
{
    /// <summary>The name by which the site calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is; the scheme picks the provider. Holds no secret.</summary>
    public required string Uri { get; init; }

    /// <summary>Labels that placement can ask for.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Virtual CPUs placed per physical CPU, 0.1 to 64.</summary>
    public double CpuOvercommit { get; init; } = 4;

    /// <summary>Memory placed per physical memory, 0.1 to 4; 1 means never more than there is.</summary>
    public double MemoryOvercommit { get; init; } = 1;

    /// <summary>How guests are to be executed.</summary>
    public Accelerator Accelerator { get; init; }

    /// <summary>What <see cref="Core.Accelerator.Auto"/> was decided to be; null while undecided.</summary>
    public Accelerator? DecidedAccelerator { get; init; }

    /// <summary>Storage pool for images and disks.</summary>
    public string Pool { get; init; } = "default";

    /// <summary>Network that VMs join unless they ask for another.</summary>
    public string Network { get; init; } = "default";

    /// <summary>
    /// How much of the pool the disks of images may take together, 1 byte or more; null for no limit. Before it is passed, images that were
    /// used least recently are removed from the host, unless VMs use them.
    /// </summary>
    public ByteSize? ImageCacheLimit { get; init; }

    /// <summary>VMs that the sites may have on it together, 0 or more; null for no limit. What StratusLab did not make does not count.</summary>
    public int? MaxVm { get; init; }

    /// <summary>Virtual CPUs of those VMs together, 0 or more; null for no limit.</summary>
    public int? MaxVCpu { get; init; }

    /// <summary>What those VMs may cost an hour together, stopped ones as if they ran, in US dollars, 0 or more; null for no limit.</summary>
    public decimal? MaxHourlyCost { get; init; }

    /// <summary>When it was registered, in UTC.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
