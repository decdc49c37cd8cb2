using System.Globalization;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>
/// Makes of Grid Engine's records what the site has to know. Grid Engine changes the queues of an array as a whole, so the tasks of an array that wait are one
/// job, which needs what one of them needs; each task that runs is a job of its own.
/// </summary>
internal sealed class JobModel(QstatReading reading, ComplexTable complexes, IReadOnlyDictionary<string, string> rules, IReadOnlyList<ExecutionHost> hosts)
{
    private static readonly HashSet<string> Memory = new(StringComparer.Ordinal) { "h_vmem", "s_vmem", "mem_free", "virtual_free", "mem_total", "h_rss", "s_rss", "memory", "ram_free", "m_mem_free" };
    private static readonly HashSet<string> Gpu = new(StringComparer.Ordinal) { "gpu", "gpus", "ngpu", "ngpus", "num_gpu", "gpu_count", "cuda", "GPU" };

    private readonly int _largest = hosts.SelectMany(host => host.Queues).Select(queue => queue.Slots).DefaultIfEmpty(1).Max();
    private readonly string[] _queues = [.. hosts.SelectMany(host => host.Queues).Select(queue => queue.Name).Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<BatchJob> Read() => [.. reading.Jobs.GroupBy(Identity, StringComparer.Ordinal).Select(Of)];

    private static string Identity(QueuedJob job) =>
        job.Instance.Length > 0 && job.Tasks.Length > 0 ? $"{job.Id}.{job.Tasks}" : job.Id.ToString(CultureInfo.InvariantCulture);

    // A job on several hosts is told once for each. Of an array some tasks may wait while others are held or failed.
    private BatchJob Of(IGrouping<string, QueuedJob> parts)
    {
        var job = parts.FirstOrDefault(part => GridEngineJobState.Of(part) is BatchJobState.Pending) ?? parts.First();
        var state = GridEngineJobState.Of(job);
        var isWaiting = state is BatchJobState.Pending or BatchJobState.Held;
        string[] nodes = isWaiting ? [] : [.. parts.Where(part => part.Instance.Contains('@', StringComparison.Ordinal)).Select(part => part.Instance.Split('@')[1]).Distinct(StringComparer.Ordinal)];
        var slots = Math.Max(1, job.ParallelRange.Length > 0 ? Quantity.Least(job.ParallelRange) : job.Slots);
        var (count, each) = nodes.Length > 0
            ? (nodes.Length, (int)(((long)parts.Sum(part => (long)part.Slots) + nodes.Length - 1) / nodes.Length))
            : SlotAllocation.Of(slots, job.ParallelEnvironment.Length > 0 ? rules.GetValueOrDefault(job.ParallelEnvironment, string.Empty) : "$pe_slots", _largest);
        string[] queues = job.Queues.Count > 0 ? [.. job.Queues.Select(queue => queue.Split('@')[0]).Distinct(StringComparer.Ordinal)] : _queues;
        return new BatchJob
        {
            Id = parts.Key,
            Name = job.Name,
            User = job.Owner,
            State = state,
            Reason = isWaiting ? job.State : string.Empty,
            Partitions = queues,
            NodeCount = Math.Max(1, count),
            CpuPerNode = Math.Max(1, each),
            MemoryPerNode = new ByteSize(job.Requests.Where(r => Memory.Contains(complexes.NameOf(r.Key))).Select(r => Times(Quantity.Memory(r.Value).Bytes, r.Key, each)).DefaultIfEmpty(0).Max()),
            GpuPerNode = (int)Math.Min(int.MaxValue, job.Requests.Where(r => Gpu.Contains(complexes.NameOf(r.Key))).Select(r => Times(Quantity.Count(r.Value), r.Key, each)).DefaultIfEmpty(0).Max()),
            Nodes = nodes,
            SubmittedAt = job.SubmittedAt ?? job.StartedAt ?? DateTimeOffset.UnixEpoch,
            StartedAt = isWaiting ? null : job.StartedAt,
            TimeLimit = job.Requests.FirstOrDefault(r => complexes.NameOf(r.Key) == "h_rt") is { Value: { } limit } ? Quantity.Time(limit) : LimitOf(queues),
            Priority = job.Priority,
        };
    }

    private long Times(long amount, string request, int slots) => complexes.IsPerSlot(request) ? amount > long.MaxValue / slots ? long.MaxValue : amount * slots : amount;

    private TimeSpan? LimitOf(string[] queues) => queues.Select(queue => reading.TimeLimits.GetValueOrDefault(queue)).FirstOrDefault();
}
