using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Slurm.Tests.Cluster;

/// <summary>The adapter against a real slurmctld.</summary>
[Collection(ClusterTestCollection.Name)]
public sealed class RealSlurmTests(OneCluster fixture) : IAsyncLifetime
{
    private SlurmBatchSystem Slurm => fixture.Slurm;

    [RequiresFact(Need.Slurm)]
    public async Task Slurm_tells_its_version() => Assert.Matches(@"^Slurm \d\d\.\d\d\.", await Slurm.DescribeAsync());

    [RequiresFact(Need.Slurm)]
    public async Task Jobs_and_nodes_are_read()
    {
        var running = await fixture.Cluster.SubmitAsync("sleep 600", ["-N1", "--exclusive", "-t", "30", "-J", "runs"]);
        await StateAsync(running, BatchJobState.Running);
        var waiting = await fixture.Cluster.SubmitAsync("sleep 600", ["-N2", "-n4", "--mem=900", "-C", "local&amd"]);
        var held = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold", "--gres=gpu:1"]);
        var array = await fixture.Cluster.SubmitAsync("sleep 600", ["--array=1-10%2", "-N2", "--mem=900"]);
        await StateAsync(waiting, BatchJobState.Pending);

        var snapshot = await Slurm.ReadAsync();
        var jobs = snapshot.Jobs.ToDictionary(job => job.Id, StringComparer.Ordinal);
        Assert.True(jobs[running].IsExclusive);
        Assert.Equal(TimeSpan.FromMinutes(30), jobs[running].TimeLimit);
        Assert.InRange(jobs[running].StartedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddSeconds(5));
        Assert.Equal((2, 2, ByteSize.FromMiB(900)), (jobs[waiting].NodeCount, jobs[waiting].CpuPerNode, jobs[waiting].MemoryPerNode));
        Assert.Equal(["local", "amd"], jobs[waiting].Features);
        Assert.Equal((BatchJobState.Held, 1), (jobs[held].State, jobs[held].GpuPerNode));
        Assert.Equal(2, Enumerable.Range(1, 10).Count(task => jobs[$"{array}_{task}"].State == BatchJobState.Pending));

        var nodes = snapshot.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        Assert.Equal((BatchNodeState.Allocated, 1, false), (nodes[jobs[running].Nodes[0]].State, nodes["n1"].Gpu, nodes["n1"].IsCloud));
        Assert.Equal((BatchNodeState.PoweredDown, true, 8), (nodes["c3"].State, nodes["c3"].IsCloud, nodes["c3"].Cpu));
        Assert.Equal(["big", "cloud"], nodes["c3"].Features);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Text_and_JSON_of_this_Slurm_say_the_same_of_jobs()
    {
        var job = await fixture.Cluster.SubmitAsync("sleep 600", ["-n3", "--mem-per-cpu=50", "-t", "7"]);
        await StateAsync(job, BatchJobState.Running);
        var commands = new SlurmCommands(new SlurmOptions { ConfigurationFile = fixture.Cluster.ConfigurationFile });
        var text = await commands.ReadAsync("squeue", TextJobs.Arguments, TextJobs.ReadAsync, CancellationToken.None);
        var one = Assert.Single(new JobModel(text, new Dictionary<string, TimeSpan?>(StringComparer.Ordinal)).Read());
        var other = Assert.Single((await Slurm.ReadAsync()).Jobs);
        Assert.Equal(other with { Partitions = one.Partitions, Features = one.Features, Nodes = one.Nodes }, one);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Job_that_is_gone_is_not_found()
    {
        var job = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold"]);
        await fixture.Cluster.SlurmAsync("scancel", job);
        Assert.Equal("JobNotFound", (await RefusedAsync(() => Slurm.AllowAsync(job, ["batch", "burst"]))).ErrorId);
        Assert.Equal("JobNotFound", (await RefusedAsync(() => Slurm.AllowAsync("999999", ["burst"]))).ErrorId);
        Assert.Equal("JobNotFound", (await Assert.ThrowsAsync<StratusException>(() => Slurm.AllowAsync("1 Priority=9", ["burst"]))).ErrorId);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Job_that_runs_waits_no_longer()
    {
        var job = await fixture.Cluster.SubmitAsync("sleep 600", ["--mem=10"]);
        await StateAsync(job, BatchJobState.Running);
        Assert.Equal("JobStateInvalid", (await RefusedAsync(() => Slurm.AllowAsync(job, ["batch", "burst"]))).ErrorId);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Refusal_is_told_in_Slurms_words()
    {
        var job = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold"]);
        var e = await RefusedAsync(() => Slurm.AllowAsync(job, ["nosuch"]));
        Assert.Equal("BatchSystemRefused", e.ErrorId);
        Assert.Contains("Invalid partition name", e.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Task_of_an_array_and_a_heterogeneous_job_can_be_let_into_a_partition()
    {
        var array = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold", "--array=1-3"]);
        await Slurm.AllowAsync($"{array}_2", ["batch", "burst"]);
        var het = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold", "-n1", ":", "-n2"]);
        await Slurm.AllowAsync(het, ["batch", "burst"]);
        var jobs = (await Slurm.ReadAsync()).Jobs.ToDictionary(job => job.Id, StringComparer.Ordinal);
        Assert.Equal(["batch", "burst"], jobs[$"{array}_2"].Partitions);
        Assert.Equal(["batch"], jobs[$"{array}_1"].Partitions);
        Assert.Equal(2, jobs[het].NodeCount);
        Assert.All((await fixture.Cluster.SlurmAsync("squeue", "-h", "-j", het, "-o", "%P")).Split('\n'), partitions => Assert.Equal("batch,burst", partitions));
    }

    [RequiresFact(Need.Slurm)]
    public async Task Many_jobs_are_let_on_at_once_and_each_that_is_refused_is_told()
    {
        var array = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold", "--array=1-600"]);
        var gone = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold"]);
        await fixture.Cluster.SlurmAsync("scancel", gone, $"{array}_599");
        var runs = await fixture.Cluster.SubmitAsync("sleep 600", ["--mem=10"]);
        await StateAsync(runs, BatchJobState.Running);
        var plain = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold"]);
        var wrong = await fixture.Cluster.SubmitAsync("sleep 600", ["--hold"]);
        var changes = Enumerable.Range(1, 600).Select(task => $"{array}_{task}").Concat([gone, runs, plain, "999999"])
            .ToDictionary(job => job, _ => (IReadOnlyList<string>)["batch", "burst"], StringComparer.Ordinal);
        changes[wrong] = ["batch", "nosuch"];
        changes["no job"] = ["burst"];

        var refused = await Slurm.AllowJobsAsync(changes);
        var expected = new[] { ($"{array}_599", "JobNotFound"), (gone, "JobNotFound"), (runs, "JobStateInvalid"), ("999999", "JobNotFound"), (wrong, "BatchSystemRefused"), ("no job", "JobNotFound") };
        Assert.Equal(expected.Order(), refused.Select(r => (r.Key, r.Value.ErrorId)).Order());
        Assert.Contains("Invalid partition name", refused[wrong].Message, StringComparison.Ordinal);
        var jobs = (await Slurm.ReadAsync()).Jobs.ToDictionary(job => job.Id, StringComparer.Ordinal);
        Assert.All(changes.Keys.Except(refused.Keys, StringComparer.Ordinal), job => Assert.Equal(["batch", "burst"], jobs[job].Partitions));
        Assert.Equal(["batch"], jobs[wrong].Partitions);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Node_is_drained_with_a_reason_and_resumed()
    {
        await Slurm.ChangeNodeAsync("n2", new BatchNodeChange { Action = BatchNodeAction.Drain, Reason = "fan = loud\n[see ticket]" });
        var node = await NodeAsync("n2");
        Assert.Equal((BatchNodeState.Drained, "fan = loud [see ticket]"), (node.State, node.Reason));
        await Slurm.ChangeNodeAsync("n2", new BatchNodeChange { Action = BatchNodeAction.Resume });
        await Poll.UntilAsync("n2 to be idle", async _ => (await NodeAsync("n2")).State == BatchNodeState.Idle);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Node_is_told_its_address_and_instance_and_its_lease()
    {
        await Slurm.ChangeNodeAsync("c3", new BatchNodeChange { Address = "192.0.2.9", InstanceId = "i-0123", InstanceType = "c7i.large" });
        var node = await NodeAsync("c3");
        Assert.Equal(("192.0.2.9", "i-0123"), (node.Address, node.InstanceId));
        await Slurm.RenewLeasesAsync(["c1", "c3"], DateTimeOffset.FromUnixTimeSeconds(1795820000));
        Assert.Contains(" Comment=stratus-lease=1795820000", await fixture.Cluster.SlurmAsync("scontrol", "show", "node", "c3", "--oneliner"), StringComparison.Ordinal);
        Assert.Equal("i-0123", (await NodeAsync("c3")).InstanceId);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Several_nodes_are_told_at_once_and_each_that_is_refused_is_told()
    {
        var changes = new Dictionary<string, BatchNodeChange>(StringComparer.Ordinal)
        {
            ["c1"] = new() { Address = "192.0.2.1", InstanceId = "i-1", InstanceType = "c7i.large" },
            ["nosuch"] = new() { Address = "192.0.2.2", InstanceId = "i-2" },
            ["n2"] = new() { Action = BatchNodeAction.Drain, Reason = "fan = \"loud\"\nState=DOWN" },
            ["c3"] = new() { Address = "192.0.2.3", InstanceId = "i-3" },
            ["c2"] = new(),
        };
        var refused = await Slurm.ChangeNodesAsync(changes);
        Assert.Equal(("nosuch", "NodeNotFound"), Assert.Single(refused.Select(r => (r.Key, r.Value.ErrorId))));
        Assert.Equal(("192.0.2.1", "i-1"), ((await NodeAsync("c1")).Address, (await NodeAsync("c1")).InstanceId));
        Assert.Equal(("192.0.2.3", "i-3"), ((await NodeAsync("c3")).Address, (await NodeAsync("c3")).InstanceId));
        Assert.Equal((BatchNodeState.Drained, "fan = 'loud' State=DOWN"), ((await NodeAsync("n2")).State, (await NodeAsync("n2")).Reason));
        await Slurm.ChangeNodesAsync(new Dictionary<string, BatchNodeChange>(StringComparer.Ordinal) { ["n2"] = new() { Action = BatchNodeAction.Resume } });
        await Poll.UntilAsync("n2 to be idle", async _ => (await NodeAsync("n2")).State == BatchNodeState.Idle);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Node_that_is_none_is_not_found()
    {
        Assert.Equal("NodeNotFound", (await RefusedAsync(() => Slurm.ChangeNodeAsync("nosuch", new BatchNodeChange { Action = BatchNodeAction.Resume }))).ErrorId);
        Assert.Equal("NodeNotFound", (await RefusedAsync(() => Slurm.RenewLeasesAsync(["c1", "nosuch"], DateTimeOffset.UtcNow))).ErrorId);
        await Assert.ThrowsAsync<ArgumentException>(() => Slurm.ChangeNodeAsync("n1", new BatchNodeChange { Action = BatchNodeAction.Down }));
    }

    [RequiresFact(Need.Slurm)]
    public async Task Node_that_failed_can_be_asked_for_again()
    {
        await Slurm.ChangeNodeAsync("c2", new BatchNodeChange { Action = BatchNodeAction.Down, Reason = "did not boot" });
        Assert.Equal(BatchNodeState.Down, (await NodeAsync("c2")).State);
        await Slurm.ChangeNodeAsync("c2", new BatchNodeChange { Action = BatchNodeAction.PowerDown });
        await Poll.UntilAsync("c2 to be powered down", async _ => (await NodeAsync("c2")).State == BatchNodeState.PoweredDown);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Controller_that_is_away_is_a_passing_fault()
    {
        await fixture.Cluster.StopControllerAsync();
        try
        {
            var reading = await Assert.ThrowsAsync<HostConnectionException>(() => Slurm.ReadAsync());
            Assert.True(reading.IsTransient);
            await Assert.ThrowsAsync<HostConnectionException>(() => Slurm.AllowAsync("1", ["burst"]));
            await Assert.ThrowsAsync<HostConnectionException>(() => Slurm.AllowJobsAsync(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["1"] = ["burst"], ["2"] = ["burst"] }));
            await Assert.ThrowsAsync<HostConnectionException>(() => Slurm.ChangeNodeAsync("n1", new BatchNodeChange { Action = BatchNodeAction.Resume }));
        }
        finally
        {
            await fixture.Cluster.StartControllerAsync();
        }

        await Poll.UntilAsync("slurmctld to be back", async cancel =>
        {
            try
            {
                return (await Slurm.ReadAsync(cancel)).Nodes.Count(node => node.State == BatchNodeState.Idle) >= 2;
            }
            catch (HostConnectionException)
            {
                return false;
            }
        });
    }

    [RequiresFact(Need.Slurm)]
    public async Task Command_that_takes_too_long_is_ended()
    {
        await using var slurm = new SlurmBatchSystem(new SlurmOptions { ConfigurationFile = fixture.Cluster.ConfigurationFile, CommandTimeout = TimeSpan.FromMilliseconds(1) });
        Assert.Equal("BatchSystemTimeout", (await Assert.ThrowsAsync<HostConnectionException>(() => slurm.DescribeAsync())).ErrorId);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (Requirement.WhyNot(Need.Slurm) is not null) return;
        await fixture.Cluster.SlurmAsync("scancel", "--user=root");
        await Poll.UntilAsync("the queue to be empty", async _ => (await fixture.Cluster.SlurmAsync("squeue", "-h")).Length == 0);
    }

    private async Task<BatchNode> NodeAsync(string name) => Assert.Single((await Slurm.ReadAsync()).Nodes, node => node.Name == name);

    private Task StateAsync(string id, BatchJobState state) =>
        Poll.UntilAsync($"job {id} to be {state}", async cancel => (await Slurm.ReadAsync(cancel)).Jobs.Any(job => job.Id == id && job.State == state && (state != BatchJobState.Pending || job.Reason != "None")));

    private static Task<HostRefusedException> RefusedAsync(Func<Task> work) => Assert.ThrowsAsync<HostRefusedException>(work);
}
