using System.Text.Json;

namespace StratusLab.Slurm;

/// <summary>Reads jobs from <c>squeue --json</c> (openapi v0.0.37 to data_parser v0.0.44: Slurm 21.08 to 25.11).</summary>
internal static class JsonJobs
{
    public static async Task<List<SlurmJob>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var jobs = new List<SlurmJob>();
        await foreach (var job in JsonRecords.ReadAsync(stream, "jobs", Read, cancellationToken).ConfigureAwait(false))
        {
            // squeue --json lists also what ended some minutes ago.
            if (!SlurmJobState.HasEnded(job.States)) jobs.Add(job);
        }

        return jobs;
    }

    private static SlurmJob Read(JsonElement record)
    {
        var array = record.Whole("array_job_id");
        var leader = record.Whole("het_job_id");
        var shared = record.Texts("shared");
        var allocated = record.Text("tres_alloc_str");
        return new SlurmJob
        {
            Id = leader > 0 ? leader : array > 0 ? array : record.Whole("job_id"),
            ArrayTask = array > 0 ? (long?)record.Number("array_task_id") : null,
            ArrayTasks = Tasks(record),
            Component = leader > 0 ? record.Count("het_job_offset") : null,
            Name = record.Text("name"),
            User = record.Text("user_name"),
            Account = record.Text("account"),
            States = [.. record.Texts("job_state").Select(state => state.ToUpperInvariant())],
            Reason = record.Text("state_reason"),
            Partitions = record.Text("partition"),
            Nodes = record.Count("node_count"),
            Cpus = record.Count("cpus"),
            MinCpusPerNode = record.Count("minimum_cpus_per_node"),
            Tasks = record.Count("tasks"),
            MemoryPerNode = record.Whole("memory_per_node"),
            MemoryPerCpu = record.Whole("memory_per_cpu"),
            TresPerNode = record.Text("tres_per_node"),
            TresPerJob = record.Text("tres_per_job"),
            TresPerTask = record.Text("tres_per_task"),
            TresPerSocket = record.Text("tres_per_socket"),
            Tres = allocated.Length > 0 ? allocated : record.Text("tres_req_str"),
            IsExclusive = shared.Any(how => how is "none" or "user" or "mcs"),
            Features = record.Text("features"),
            NodeList = record.Text("nodes"),
            SubmittedAt = record.Time("submit_time"),
            StartedAt = record.Time("start_time"),
            TimeLimit = record.TimeLimit("time_limit"),
            Priority = record.Number("priority") ?? 0,
        };
    }

    // The limit stands in the list where Slurm prints it so, else beside it.
    private static string Tasks(JsonElement record)
    {
        var tasks = record.Text("array_task_string");
        var limit = record.Count("array_max_tasks");
        return tasks.Length == 0 || limit == 0 || tasks.Contains('%', StringComparison.Ordinal) ? tasks : $"{tasks}%{limit}";
    }
}
