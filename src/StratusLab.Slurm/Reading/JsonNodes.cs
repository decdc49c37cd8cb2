using System.Text.Json;

namespace StratusLab.Slurm;

/// <summary>Reads nodes from <c>scontrol show nodes --json</c> (data_parser v0.0.39 to v0.0.44: Slurm 23.02 to 25.11).</summary>
internal static class JsonNodes
{
    public static async Task<List<SlurmNode>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var nodes = new List<SlurmNode>();
        await foreach (var node in JsonRecords.ReadAsync(stream, "nodes", Read, cancellationToken).ConfigureAwait(false)) nodes.Add(node);
        return nodes;
    }

    private static SlurmNode Read(JsonElement record) => new()
    {
        Name = record.Text("name"),
        States = [.. record.Texts("state").Concat(record.Texts("state_flags")).Select(state => state.ToUpperInvariant())],
        Partitions = record.Texts("partitions"),
        Cpus = record.Count("cpus"),
        AllocatedCpus = record.Count("alloc_cpus"),
        Memory = record.Whole("real_memory"),
        AllocatedMemory = record.Whole("alloc_memory"),
        Gres = record.Text("gres"),
        Features = record.Texts("features"),
        Address = record.Text("address"),
        InstanceId = record.Text("instance_id"),
        Extra = record.Text("extra"),
        BootedAt = record.Time("boot_time"),
        Reason = record.Text("reason"),
    };
}
