using System.Collections.Frozen;
using StratusLab.Core;

namespace StratusLab.Slurm.Tests.Reading;

/// <summary>Captures of one moment of a real 22.05 cluster: both forms of its jobs, and its nodes.</summary>
public sealed class Slurm2205Tests
{
    public static TheoryData<string> Forms => ["jobs-22.05.json", "jobs-22.05.txt"];

    [Fact]
    public async Task Text_and_JSON_say_the_same()
    {
        var json = await JobsAsync("jobs-22.05.json");
        var text = await JobsAsync("jobs-22.05.txt");
        Assert.NotEmpty(json);
        Assert.Equal(json.Keys.Order(StringComparer.Ordinal), text.Keys.Order(StringComparer.Ordinal));
        Assert.All(json.Values, job => Assert.Equal(Comparable(job), Comparable(text[job.Id])));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Jobs_stand_where_they_stood(string form)
    {
        var jobs = await JobsAsync(form);
        Assert.Equal(BatchJobState.Running, jobs["1"].State);
        Assert.Equal(BatchJobState.Pending, jobs["4"].State);
        Assert.Equal(BatchJobState.Held, jobs["6"].State);
        Assert.Equal("Dependency", jobs["7"].Reason);
        Assert.Equal(BatchJobState.Held, jobs["7"].State);
        Assert.Equal(BatchJobState.Held, jobs["8"].State);
        Assert.Equal(BatchJobState.Configuring, jobs["15"].State);
        Assert.Equal(["c1"], jobs["15"].Nodes);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Jobs_need_what_they_asked_for(string form)
    {
        var jobs = await JobsAsync(form);
        Assert.True(jobs["1"].IsExclusive);
        Assert.Equal("name with spaces | and bars", jobs["2"].Name);
        Assert.Equal((1, 2, ByteSize.FromMiB(200)), (jobs["2"].NodeCount, jobs["2"].CpuPerNode, jobs["2"].MemoryPerNode));
        Assert.Equal(1, jobs["3"].GpuPerNode);
        Assert.Equal((2, 2, ByteSize.FromMiB(900)), (jobs["4"].NodeCount, jobs["4"].CpuPerNode, jobs["4"].MemoryPerNode));
        Assert.Equal(["local", "amd"], jobs["9"].Features);
        Assert.Null(jobs["10"].TimeLimit);
        Assert.Equal(TimeSpan.FromHours(1), jobs["3"].TimeLimit);
        Assert.Equal((2, 4, 1), (jobs["11"].NodeCount, jobs["11"].CpuPerNode, jobs["11"].GpuPerNode));
        Assert.True(jobs["12"].IsExclusive);
        Assert.Equal(ByteSize.Zero, jobs["12"].MemoryPerNode);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 22, 23, 20, TimeSpan.Zero), jobs["4"].SubmittedAt);
        Assert.Null(jobs["4"].StartedAt);
        Assert.NotNull(jobs["2"].StartedAt);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Array_gives_as_many_pending_tasks_as_its_limit_lets_start(string form)
    {
        var jobs = await JobsAsync(form);
        Assert.Equal(BatchJobState.Running, jobs["5_1"].State);
        Assert.Equal(BatchJobState.Pending, jobs["5_2"].State);
        var held = Enumerable.Range(3, 8).Select(task => jobs[$"5_{task}"]).ToList();
        Assert.All(held, job => Assert.Equal((BatchJobState.Held, "JobArrayTaskLimit"), (job.State, job.Reason)));
        Assert.False(jobs.ContainsKey("5"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Heterogeneous_job_is_one_that_needs_all_its_nodes(string form)
    {
        var job = (await JobsAsync(form))["13"];
        Assert.Equal((2, 2, ByteSize.FromMiB(200), BatchJobState.Pending), (job.NodeCount, job.CpuPerNode, job.MemoryPerNode, job.State));
    }

    [Fact]
    public async Task Nodes_are_read_from_text()
    {
        await using var stream = Capture.Open("nodes-22.05.txt");
        var nodes = (await TextNodes.ReadAsync(stream, CancellationToken.None)).Select(NodeModel.Of).ToDictionary(node => node.Name, StringComparer.Ordinal);
        Assert.Equal((BatchNodeState.PoweringUp, true, "i-0123", 3), (nodes["c1"].State, nodes["c1"].IsCloud, nodes["c1"].InstanceId, nodes["c1"].CpuAllocated));
        Assert.Equal((BatchNodeState.PoweredDown, 8, ByteSize.FromMiB(2000)), (nodes["c2"].State, nodes["c2"].Cpu, nodes["c2"].Memory));
        Assert.Null(nodes["c2"].BootedAt);
        Assert.Equal((BatchNodeState.Allocated, false, 1), (nodes["n1"].State, nodes["n1"].IsCloud, nodes["n1"].Gpu));
        Assert.Equal(["local", "amd"], nodes["n1"].Features);
        Assert.Equal(2026, nodes["n1"].BootedAt!.Value.Year);
        Assert.Equal((BatchNodeState.Draining, "fan = loud, Comment=none"), (nodes["n2"].State, nodes["n2"].Reason));
    }

    [Fact]
    public async Task Partitions_are_read_for_jobs_without_a_limit_of_their_own()
    {
        await using var stream = Capture.Open("partitions-22.05.txt");
        var limits = await TextPartitions.ReadAsync(stream, CancellationToken.None);
        Assert.Equal(TimeSpan.FromMinutes(10), limits["batch"]);
        Assert.Null(limits["burst"]);
    }

    private static async Task<Dictionary<string, BatchJob>> JobsAsync(string form)
    {
        await using var stream = Capture.Open(form);
        var jobs = form.EndsWith("json", StringComparison.Ordinal)
            ? await JsonJobs.ReadAsync(stream, CancellationToken.None)
            : await TextJobs.ReadAsync(stream, CancellationToken.None);
        return new JobModel(jobs, FrozenDictionary<string, TimeSpan?>.Empty).Read().ToDictionary(job => job.Id, StringComparer.Ordinal);
    }

    // Lists in a record are compared by reference.
    private static (BatchJob, string) Comparable(BatchJob job) =>
        (job with { Partitions = [], Features = [], Nodes = [] }, string.Join(';', job.Partitions) + string.Join(';', job.Features) + string.Join(';', job.Nodes));
}
