using System.Buffers;
using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Makes of Slurm's records what the site has to know: one job for each thing that starts by itself.</summary>
internal sealed class JobModel(IReadOnlyList<SlurmJob> jobs, IReadOnlyDictionary<string, TimeSpan?> partitionLimits)
{
    private const string TaskLimit = "JobArrayTaskLimit";

    private static readonly SearchValues<char> BeyondAnd = SearchValues.Create("|[]()*!");

    /// <summary>Tasks of an array one by one, those beyond its own limit held; components of a heterogeneous job as one.</summary>
    public IReadOnlyList<BatchJob> Read()
    {
        var running = jobs.Where(job => job.ArrayTask is not null && !job.States.Contains("PENDING")).CountBy(job => job.Id).ToDictionary();
        var model = new List<BatchJob>(jobs.Count);
        foreach (var job in jobs)
        {
            if (job.Component is not null) continue;
            if (job.ArrayTasks.Length > 0) AddTasks(model, job, running.GetValueOrDefault(job.Id));
            else model.Add(Of(job, Identity(job)));
        }

        model.AddRange(jobs.Where(job => job.Component is not null).GroupBy(job => job.Id).Select(Together));
        return model;
    }

    private static string Identity(SlurmJob job) =>
        job.ArrayTask is { } task ? string.Create(CultureInfo.InvariantCulture, $"{job.Id}_{task}") : job.Id.ToString(CultureInfo.InvariantCulture);

    private void AddTasks(List<BatchJob> model, SlurmJob array, int running)
    {
        var (tasks, limit) = SlurmRange.Tasks(array.ArrayTasks);

        // Slurm gives the array this reason while its limit is reached, and each running task that ends lifts it.
        var job = Of(array.Reason == TaskLimit ? array with { Reason = "Resources" } : array, string.Empty);
        var free = limit is null ? int.MaxValue : Math.Max(0, limit.Value - running);
        foreach (var task in tasks)
        {
            var one = job with { Id = string.Create(CultureInfo.InvariantCulture, $"{array.Id}_{task}") };
            model.Add(free-- > 0 ? one : one with { State = BatchJobState.Held, Reason = TaskLimit });
        }
    }

    // They start together or not at all, and each may ask for other nodes: the whole is taken to need the most of each on every node.
    private BatchJob Together(IGrouping<long, SlurmJob> components)
    {
        var parts = components.OrderBy(job => job.Component).Select(job => Of(job, Identity(job))).ToList();
        return parts[0] with
        {
            State = parts.Any(job => job.State == BatchJobState.Held) ? BatchJobState.Held : parts.Max(job => job.State),
            Reason = parts.FirstOrDefault(job => job.State == BatchJobState.Held)?.Reason ?? parts[0].Reason,
            NodeCount = parts.Sum(job => job.NodeCount),
            CpuPerNode = parts.Max(job => job.CpuPerNode),
            MemoryPerNode = parts.Max(job => job.MemoryPerNode),
            GpuPerNode = parts.Max(job => job.GpuPerNode),
            IsExclusive = parts.Any(job => job.IsExclusive),
            Features = [.. parts.SelectMany(job => job.Features).Distinct(StringComparer.Ordinal)],
            Nodes = [.. parts.SelectMany(job => job.Nodes).Distinct(StringComparer.Ordinal)],
            TimeLimit = parts.Any(job => job.TimeLimit is null) ? null : parts.Max(job => job.TimeLimit),
        };
    }

    private BatchJob Of(SlurmJob job, string id)
    {
        var state = SlurmJobState.Of(job);
        var isWaiting = state is BatchJobState.Pending or BatchJobState.Held;
        var nodes = Math.Max(1, job.Nodes);
        var cpu = Math.Max(1, Math.Max(DivideUp(job.Cpus, nodes), job.MinCpusPerNode));
        string[] partitions = job.Partitions.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new BatchJob
        {
            Id = id,
            Name = job.Name,
            User = job.User,
            Account = job.Account,
            State = state,
            Reason = isWaiting ? job.Reason : string.Empty,
            Partitions = partitions,
            NodeCount = nodes,
            CpuPerNode = cpu,
            MemoryPerNode = ByteSize.FromMiB(job.MemoryPerNode > 0 ? job.MemoryPerNode : job.MemoryPerCpu * cpu),
            GpuPerNode = Gpus(job, nodes),
            IsExclusive = job.IsExclusive,
            Features = Features(job.Features),
            Nodes = isWaiting ? [] : SlurmRange.Expand(job.NodeList),
            SubmittedAt = job.SubmittedAt ?? DateTimeOffset.UnixEpoch,
            StartedAt = isWaiting ? null : job.StartedAt,
            TimeLimit = job.TimeLimit.IsSet ? job.TimeLimit.Limit : partitions.Select(partition => partitionLimits.GetValueOrDefault(partition)).FirstOrDefault(),
            Priority = job.Priority,
        };
    }

    private static int Gpus(SlurmJob job, int nodes)
    {
        if (SlurmTres.Gpus(job.TresPerNode) is > 0 and var perNode) return perNode;
        var total = Math.Max(SlurmTres.Gpus(job.TresPerJob), SlurmTres.Gpus(job.TresPerTask) * Math.Max(1, job.Tasks));
        if (total == 0) total = SlurmTres.Gpus(job.Tres);
        return total > 0 ? DivideUp(total, nodes) : SlurmTres.Gpus(job.TresPerSocket);
    }

    // Features with more than "and" between them are kept as one word that no node has: such a job stays where it is.
    private static string[] Features(string text) =>
        text.AsSpan().ContainsAny(BeyondAnd) ? [text] : text.Split(['&', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int DivideUp(int all, int by) => (int)(((long)all + by - 1) / by);
}
