using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A host while VMs are being placed on it.</summary>
internal sealed class HostLoad
{
    private readonly HashSet<string> _labels;
    private readonly HashSet<string> _images;

    public HostLoad(HostSnapshot snapshot)
    {
        Snapshot = snapshot;
        var (definition, status) = (snapshot.Definition, snapshot.Status);
        CpuTotal = (int)Math.Floor(status.Cpu * definition.CpuOvercommit);
        MemoryTotal = (long)(status.Memory.Bytes * (decimal)definition.MemoryOvercommit);
        CpuUsed = status.CpuAllocated + snapshot.ReservedCpu;
        MemoryUsed = status.MemoryAllocated.Bytes + snapshot.ReservedMemory.Bytes;
        Use = snapshot.Use;
        StorageFree = status.StorageFree.Bytes;
        _labels = new HashSet<string>(snapshot.VmLabels, StringComparer.Ordinal);
        _images = new HashSet<string>(snapshot.Images, StringComparer.Ordinal);
    }

    public HostSnapshot Snapshot { get; }

    public string Name => Snapshot.Definition.Name;

    public int CpuTotal { get; }

    public long MemoryTotal { get; }

    public int CpuUsed { get; private set; }

    public long MemoryUsed { get; private set; }

    public long StorageFree { get; private set; }

    /// <summary>What counts against the host's limits.</summary>
    public HostUse Use { get; private set; }

    /// <summary>Whether it has no size of its own.</summary>
    public bool IsElastic => Snapshot.Status.IsElastic;

    /// <summary>VMs placed here by this run: breaks ties between hosts of equal load.</summary>
    public int Placed { get; private set; }

    /// <summary>How full the host would be with one more VM, from 0: the fuller of CPU and memory.</summary>
    public double FillWith(PlacementShape shape) =>
        Math.Max((double)(CpuUsed + shape.Cpu) / CpuTotal, (double)(MemoryUsed + shape.Memory.Bytes) / MemoryTotal);

    public bool HasRoom(PlacementShape shape, HostTerms? terms = null) =>
        (IsElastic || (CpuUsed + shape.Cpu <= CpuTotal && MemoryUsed + shape.Memory.Bytes <= MemoryTotal && StorageOf(shape) <= StorageFree))
        && (Use + UseOf(shape, terms)).IsWithin(Snapshot.Definition)
        && (shape.ApartLabel is null || !_labels.Contains(shape.ApartLabel));

    /// <summary>Why there is no room, for people.</summary>
    public string Shortage(PlacementShape shape, HostTerms? terms)
    {
        var missing = new List<string>();
        if (!IsElastic) AddShortage(shape, missing);
        var one = UseOf(shape, terms);
        if ((Use + one).Excess(Snapshot.Definition, one) is { } excess) missing.Add(excess);
        if (shape.ApartLabel is not null && _labels.Contains(shape.ApartLabel)) missing.Add($"has a VM with {shape.ApartLabel} already");
        return string.Join(", ", missing);
    }

    public void Take(PlacementShape shape, HostTerms? terms = null)
    {
        StorageFree -= StorageOf(shape);
        CpuUsed += shape.Cpu;
        MemoryUsed += shape.Memory.Bytes;
        Use += UseOf(shape, terms);
        Placed++;
        if (shape.ApartLabel is not null) _labels.Add(shape.ApartLabel);
        if (shape.ImageDigest is not null) _images.Add(shape.ImageDigest);
    }

    private void AddShortage(PlacementShape shape, List<string> missing)
    {
        if (CpuUsed + shape.Cpu > CpuTotal) missing.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, CpuTotal - CpuUsed)} of {CpuTotal} virtual CPUs free, {shape.Cpu} needed"));
        if (MemoryUsed + shape.Memory.Bytes > MemoryTotal) missing.Add($"{Free(MemoryTotal - MemoryUsed)} of {new ByteSize(MemoryTotal)} memory free, {shape.Memory} needed");
        if (StorageOf(shape) > StorageFree) missing.Add($"{Free(StorageFree)} free in pool '{Snapshot.Definition.Pool}', {new ByteSize(StorageOf(shape))} needed");
    }

    // A VM whose price is not known cannot be counted against a limit of money.
    private HostUse UseOf(PlacementShape shape, HostTerms? terms) =>
        new(1, terms?.Cpu ?? shape.Cpu, terms?.Ceiling ?? 0, Snapshot.IsPriced && terms is null ? "new" : null);

    private long StorageOf(PlacementShape shape) =>
        shape.Storage.Bytes + (shape.ImageDigest is null || _images.Contains(shape.ImageDigest) ? 0 : shape.ImageStorage.Bytes);

    private static ByteSize Free(long bytes) => new(Math.Max(0, bytes));
}
