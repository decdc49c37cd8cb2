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

    /// <summary>VMs placed here by this run: breaks ties between hosts of equal load.</summary>
    public int Placed { get; private set; }

    /// <summary>How full the host would be with one more VM, from 0: the fuller of CPU and memory.</summary>
    public double FillWith(PlacementShape shape) =>
        Math.Max((double)(CpuUsed + shape.Cpu) / CpuTotal, (double)(MemoryUsed + shape.Memory.Bytes) / MemoryTotal);

    public bool HasRoom(PlacementShape shape) =>
        CpuUsed + shape.Cpu <= CpuTotal
        && MemoryUsed + shape.Memory.Bytes <= MemoryTotal
        && StorageOf(shape) <= StorageFree
        && (shape.ApartLabel is null || !_labels.Contains(shape.ApartLabel));

    /// <summary>Why there is no room, for people.</summary>
    public string Shortage(PlacementShape shape)
    {
        var missing = new List<string>();
        if (CpuUsed + shape.Cpu > CpuTotal) missing.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, CpuTotal - CpuUsed)} of {CpuTotal} virtual CPUs free, {shape.Cpu} needed"));
        if (MemoryUsed + shape.Memory.Bytes > MemoryTotal) missing.Add($"{Free(MemoryTotal - MemoryUsed)} of {new ByteSize(MemoryTotal)} memory free, {shape.Memory} needed");
        if (StorageOf(shape) > StorageFree) missing.Add($"{Free(StorageFree)} free in pool '{Snapshot.Definition.Pool}', {new ByteSize(StorageOf(shape))} needed");
        if (shape.ApartLabel is not null && _labels.Contains(shape.ApartLabel)) missing.Add($"has a VM with {shape.ApartLabel} already");
        return string.Join(", ", missing);
    }

    public void Take(PlacementShape shape)
    {
        StorageFree -= StorageOf(shape);
        CpuUsed += shape.Cpu;
        MemoryUsed += shape.Memory.Bytes;
        Placed++;
        if (shape.ApartLabel is not null) _labels.Add(shape.ApartLabel);
        if (shape.ImageDigest is not null) _images.Add(shape.ImageDigest);
    }

    private long StorageOf(PlacementShape shape) =>
        shape.Storage.Bytes + (shape.ImageDigest is null || _images.Contains(shape.ImageDigest) ? 0 : shape.ImageStorage.Bytes);

    private static ByteSize Free(long bytes) => new(Math.Max(0, bytes));
}
