using System.Buffers;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Makes of an execution host what the site has to know.</summary>
internal static class HostModel
{
    // d disabled, D by its calendar, s and S suspended, C suspended by its calendar, c in conflict, o orphaned, E failed.
    private static readonly SearchValues<char> Shut = SearchValues.Create("dDsSCcoE");

    public static BatchNode Of(ExecutionHost host, string burstQueue)
    {
        var isCloud = host.Queues.Exists(queue => queue.Name == burstQueue);

        // Slots are what jobs are counted by; a host has as many as the largest of its queues.
        var slots = host.Queues.Select(queue => queue.Slots).DefaultIfEmpty(0).Max();
        var used = host.Queues.Sum(queue => queue.Used);
        var left = Quantity.Memory(host.Resources.GetValueOrDefault("h_vmem", string.Empty));

        // Burst nodes of one kind have to look alike, whether they are off, free or in use; so what each has is told by attributes that never change.
        var total = Quantity.Memory(isCloud ? host.Resources.GetValueOrDefault("stratus_memory", string.Empty) : host.Values.GetValueOrDefault("mem_total", string.Empty));
        return new BatchNode
        {
            Name = host.Name,
            State = StateOf(host, isCloud, used),
            Partitions = [.. host.Queues.Select(queue => queue.Name)],
            IsCloud = isCloud,
            Cpu = slots > 0 ? slots : Quantity.Count(host.Values.GetValueOrDefault("num_proc", string.Empty)),
            CpuAllocated = used,
            Memory = total,
            MemoryAllocated = new ByteSize(Math.Max(0, left > default(ByteSize) && total > left && used > 0 ? total.Bytes - left.Bytes : 0)),
            Gpu = isCloud
                ? Quantity.Count(host.Resources.GetValueOrDefault("stratus_gpu", string.Empty))
                : host.Resources.Where(resource => resource.Key is "gpu" or "gpus" or "ngpus").Select(resource => Quantity.Count(resource.Value)).DefaultIfEmpty(0).Max(),
            Address = host.Machine?.Address,
            InstanceId = host.Machine?.Id,
        };
    }

    private static BatchNodeState StateOf(ExecutionHost host, bool isCloud, int used)
    {
        bool All(char letter) => host.Queues.Count > 0 && host.Queues.TrueForAll(queue => queue.State.Contains(letter, StringComparison.Ordinal));
        var isHeard = host.Values.GetValueOrDefault("num_proc", "-") is not ("-" or "") && !All('u');
        if (!isHeard) return isCloud && used == 0 ? BatchNodeState.PoweredDown : BatchNodeState.Down;
        if (host.Queues.Count == 0) return BatchNodeState.Unknown;
        if (All('E')) return BatchNodeState.Down;
        if (host.Queues.TrueForAll(queue => queue.State.AsSpan().ContainsAny(Shut))) return used > 0 ? BatchNodeState.Draining : BatchNodeState.Drained;
        return used > 0 ? BatchNodeState.Allocated : BatchNodeState.Idle;
    }
}
