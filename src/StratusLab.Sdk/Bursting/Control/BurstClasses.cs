using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The classes of a burst's nodes: those that were given, or what the batch system has of cloud nodes in the burst partition.</summary>
internal static class BurstClasses
{
    public static IReadOnlyList<BurstNodeClass> Of(BurstDefinition burst, BatchSnapshot? snapshot)
    {
        if (burst.Classes.Count > 0 || snapshot is null) return burst.Classes;
        var cloud = snapshot.Nodes.Where(n => n.IsCloud && n.Partitions.Contains(burst.Policy.BurstPartition, StringComparer.Ordinal));
        return [.. cloud.GroupBy(n => (n.Cpu, n.Memory, n.Gpu, Features: string.Join(',', n.Features))).Select(g => new BurstNodeClass
        {
            Name = g.Key.Features.Length > 0 ? g.Key.Features : $"{g.Key.Cpu}x{g.Key.Memory}{(g.Key.Gpu > 0 ? $"x{g.Key.Gpu}gpu" : string.Empty)}",
            Nodes = [.. g.Select(n => n.Name)],
            Cpu = g.Key.Cpu,
            Memory = g.Key.Memory,
            MachineMemory = MachineMemoryOf(g.Key.Memory),
            PricePerHour = burst.PricePerHour,
            Gpu = g.Key.Gpu,
            Features = g.First().Features,
            MachineType = burst.MachineType,
            Markets = burst.IsSpot ? [VmMarket.Spot, VmMarket.OnDemand] : [VmMarket.OnDemand],
        })];
    }

    /// <summary>The class that has a name; null if none has.</summary>
    public static BurstNodeClass? Find(IReadOnlyList<BurstNodeClass> classes, string node) => classes.FirstOrDefault(c => c.Nodes.Contains(node, StringComparer.OrdinalIgnoreCase));

    // A batch system tells what jobs can have of a node's memory. Firmware and kernel keep seven hundredths and 128 MiB of the machine's, and a node
    // that has less than it was said to have is given no jobs.
    private static ByteSize MachineMemoryOf(ByteSize forJobs) => ByteSize.FromMiB((((forJobs.Bytes >> 20) + 128) * 100 + 92) / 93);

    /// <summary>Names of a class that are free: nobody lives under them, none is in quarantine, and the batch system may ask for them.</summary>
    public static IEnumerable<string> FreeNames(BurstNodeClass shape, LedgerState state, BatchSnapshot snapshot)
    {
        var taken = state.Nodes.Where(n => !n.HasEnded || n.State is BurstNodeState.Quarantined).Select(n => n.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var busy = snapshot.Nodes.Where(n => n.State is not (BatchNodeState.PoweredDown or BatchNodeState.Unknown)).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return shape.Nodes.Where(n => !taken.Contains(n) && !busy.Contains(n));
    }
}
