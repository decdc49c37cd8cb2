using System.Globalization;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.GridEngine;
using StratusLab.Rig.Requirements;

namespace StratusLab.GridEngine.Tests.Cluster;

/// <summary>The adapter and what it writes, against a real qmaster and real execds.</summary>
public sealed class RealGridEngineTests
{
    private static GridEngineConfiguration Configuration { get; } = new() { NodeName = "burst-", Count = 2, Cpu = 4, Memory = ByteSize.FromGiB(4), LocalQueue = "batch.q", MaxJobTime = TimeSpan.FromHours(2) };

    [RequiresFact(Need.GridEngine)]
    public async Task Burst_node_is_made_takes_a_job_is_drained_and_ends_its_job()
    {
        await using var cluster = await StartAsync();
        await using var engine = Open(cluster);
        Assert.Matches(@"^Grid Engine SGE 8\.", await engine.DescribeAsync());
        Assert.Equal(["batch.q", "burst.q"], (await engine.ListQueuesAsync()).Order(StringComparer.Ordinal));
        var off = await NodeAsync(engine);
        Assert.Equal((BatchNodeState.PoweredDown, true, 4, Configuration.JobMemory, null), (off.State, off.IsCloud, off.Cpu, off.Memory, off.InstanceId));

        // A job that asks for no queue stays where it belongs, and one that waits is let on.
        await cluster.SubmitAsync(600, "-pe", "smp", "4");
        var waits = await cluster.SubmitAsync(600, "-pe", "smp", "4", "-l", "h_rt=300");
        await Poll.UntilAsync("a job that waits", async c => (await engine.ReadAsync(c)).Jobs.Any(job => job.Id == waits && job.State == BatchJobState.Pending));
        Assert.Equal(["batch.q"], (await engine.ReadAsync()).Jobs.Single(job => job.Id == waits).Partitions);
        await engine.AllowAsync(waits, ["batch.q", "burst.q"]);
        Assert.Equal(["batch.q", "burst.q"], (await engine.ReadAsync()).Jobs.Single(job => job.Id == waits).Partitions);
        Assert.Equal("JobNotFound", (await Assert.ThrowsAsync<HostRefusedException>(() => engine.AllowAsync("999", ["burst.q"]))).ErrorId);

        // The machine comes, with an address that nobody knew before.
        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { InstanceId = "i-1", Address = cluster.AddressOf("burst-1") });
        await cluster.StartNodeAsync("burst-1");
        await Poll.UntilAsync("the job on the burst node", async c => (await engine.ReadAsync(c)).Jobs.Any(job => job.Id == waits && job.Nodes.Contains("burst-1")));
        var busy = await NodeAsync(engine);
        Assert.Equal((BatchNodeState.Allocated, off.Cpu, off.Memory, "i-1", cluster.AddressOf("burst-1")), (busy.State, busy.Cpu, busy.Memory, busy.InstanceId, busy.Address));

        // Whoever disables it is not overruled, also by a controller that has just begun.
        await cluster.RunAsync("qmod", "-d", "burst.q@burst-1");
        await using (var later = Open(cluster))
        {
            await later.ReadAsync();
            await later.ChangeNodeAsync("burst-1", new BatchNodeChange { InstanceId = "i-1", Address = cluster.AddressOf("burst-1") });
            Assert.Equal(BatchNodeState.Draining, (await NodeAsync(later)).State);
        }

        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { Action = BatchNodeAction.Resume });
        Assert.Equal(BatchNodeState.Allocated, (await NodeAsync(engine)).State);
        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { Action = BatchNodeAction.Drain, Reason = "test" });
        Assert.Equal(BatchNodeState.Draining, (await NodeAsync(engine)).State);
        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { Action = BatchNodeAction.Down, Reason = "test" });
        await Poll.UntilAsync("the drained node", async _ => (await NodeAsync(engine)).State == BatchNodeState.Drained);
        Assert.DoesNotContain((await engine.ReadAsync()).Jobs, job => job.Id == waits && job.Nodes.Count > 0);
        Assert.Equal("NodeNotFound", (await Assert.ThrowsAsync<HostRefusedException>(() => engine.ChangeNodeAsync("burst-9", new BatchNodeChange { Action = BatchNodeAction.Resume }))).ErrorId);

        await cluster.StopControllerAsync();
        Assert.Equal("BatchSystemUnreachable", (await Assert.ThrowsAsync<HostConnectionException>(() => engine.ReadAsync())).ErrorId);
    }

    /// <summary>The script that a machine runs every minute, on one that has joined; only what would turn it off is a stand-in.</summary>
    [RequiresFact(Need.GridEngine)]
    public async Task Machine_reads_its_lease_and_goes_when_that_has_ended_and_no_job_runs()
    {
        await using var cluster = await StartAsync();
        await using var engine = Open(cluster);
        var setup = (await GridEngineNodeSetup.FromCellAsync(cluster.CellFolder)) with { Root = cluster.Root };
        Assert.Equal("controller", setup.Qmaster);
        var programs = Directory.CreateDirectory(Path.Combine(cluster.Folder, "guest")).FullName;
        await File.WriteAllTextAsync(Path.Combine(programs, "stratus-lease"), setup.Describe().LeaseScript);
        var off = Path.Combine(programs, "off");
        await File.WriteAllTextAsync(Path.Combine(programs, "systemctl"), $"#!/bin/sh\necho \"$*\" >>'{off}'\n");
        File.SetUnixFileMode(Path.Combine(programs, "systemctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { InstanceId = "i-1", Address = cluster.AddressOf("burst-1") });
        await cluster.StartNodeAsync("burst-1");
        await Poll.UntilAsync("the node", async _ => (await NodeAsync(engine)).State == BatchNodeState.Idle);

        async Task<bool> GoesAsync()
        {
            await cluster.RunOnNodeAsync(
                "burst-1", "env", $"PATH={programs}:/usr/bin:/bin", $"RUNTIME_DIRECTORY={programs}", "STRATUS_LEASE_SECONDS=0", "STRATUS_MAX_LIFETIME_SECONDS=999999999", "sh", Path.Combine(programs, "stratus-lease"));
            return File.Exists(off);
        }

        await engine.RenewLeasesAsync(["burst-1", "burst-2"], DateTimeOffset.UtcNow.AddHours(1));
        Assert.False(await GoesAsync());
        var kept = Path.Combine(programs, "lease");
        Assert.InRange(long.Parse(await File.ReadAllTextAsync(kept), CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3000, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600);

        // The lease is over, and a job runs.
        await engine.RenewLeasesAsync(["burst-1"], DateTimeOffset.UtcNow.AddHours(-1));
        File.Delete(kept);
        var job = await cluster.SubmitAsync(600, "-q", "burst.q@burst-1");
        await Poll.UntilAsync("the job", async c => (await engine.ReadAsync(c)).Jobs.Any(j => j.Id == job && j.State == BatchJobState.Running));
        Assert.False(await GoesAsync());
        await cluster.RunAsync("qdel", job);
        await Poll.UntilAsync("the free node", async _ => (await NodeAsync(engine)).State == BatchNodeState.Idle);
        await Poll.UntilAsync("the machine to go", _ => GoesAsync());
        Assert.Equal("poweroff\n", (await File.ReadAllTextAsync(off))[..9]);
        Assert.Equal(BatchNodeState.Drained, (await NodeAsync(engine)).State);

        Assert.Equal("NodeNotFound", (await Assert.ThrowsAsync<HostRefusedException>(() => engine.RenewLeasesAsync(["burst-9"], DateTimeOffset.UtcNow))).ErrorId);
    }

    [RequiresFact(Need.GridEngine)]
    public async Task Setup_may_be_run_again_and_what_it_did_not_make_is_told()
    {
        await using var cluster = await GridEngineCluster.StartAsync();
        await using var engine = Open(cluster);
        var early = await Assert.ThrowsAsync<HostRefusedException>(() => engine.RenewLeasesAsync(["n1"], DateTimeOffset.UtcNow));
        Assert.Equal("GridEngineNotSetUp", early.ErrorId);
        Assert.Contains("stratus-burst-setup", early.Message, StringComparison.Ordinal);

        await SetUpAsync(cluster, Configuration);
        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { InstanceId = "i-1" });
        await SetUpAsync(cluster, Configuration with { Count = 3, Cpu = 6, Memory = ByteSize.FromGiB(8), MaxJobTime = TimeSpan.FromHours(3) });
        var nodes = (await engine.ReadAsync()).Nodes.Where(node => node.IsCloud).ToDictionary(node => node.Name, StringComparer.Ordinal);
        Assert.Equal(["burst-1", "burst-2", "burst-3"], nodes.Keys.Order(StringComparer.Ordinal));
        Assert.All(nodes.Values, node => Assert.Equal((Configuration with { Memory = ByteSize.FromGiB(8) }).JobMemory, node.Memory));
        Assert.Equal("i-1", nodes["burst-1"].InstanceId);
        Assert.Equal(["-q batch.q"], await File.ReadAllLinesAsync(Path.Combine(cluster.CellFolder, "common", "sge_request")));
        var queue = await cluster.RunAsync("qconf", "-sq", "burst.q");
        Assert.Matches(@"(?m)^hostlist +@burst$", queue);
        Assert.Matches(@"(?m)^slots +6$", queue);
        Assert.Matches(@"(?m)^h_rt +0?3:00:00$", queue);
        Assert.All(nodes.Values, node => Assert.Equal(6, node.Cpu));

        // Enabled are those only behind which a machine was told to be.
        var states = await cluster.RunAsync("qstat", "-f", "-q", "burst.q");
        Assert.Matches(@"(?m)^burst\.q@burst-1 .* u *$", states);
        Assert.Matches(@"(?m)^burst\.q@burst-3 .* du *$", states);
    }

    private static async Task<GridEngineCluster> StartAsync()
    {
        var cluster = await GridEngineCluster.StartAsync();
        await SetUpAsync(cluster, Configuration);
        return cluster;
    }

    private static async Task SetUpAsync(GridEngineCluster cluster, GridEngineConfiguration configuration)
    {
        await File.WriteAllTextAsync(cluster.HostsFile, configuration.ToHosts());
        var setup = Path.Combine(cluster.Folder, "stratus-burst-setup");
        await File.WriteAllTextAsync(setup, configuration.ToSetup());
        await Poll.UntilAsync("the names", async _ => (await cluster.RunThereAsync("sh", "-c", $"getent hosts burst-{configuration.Count} || true")).Length > 0);
        await cluster.RunThereAsync("sh", setup);
    }

    private static GridEngineBatchSystem Open(GridEngineCluster cluster) =>
        new(new GridEngineOptions { ProgramFolder = cluster.ProgramFolder, HostsFile = cluster.HostsFile, CommandTimeout = TimeSpan.FromSeconds(20) });

    private static async Task<BatchNode> NodeAsync(GridEngineBatchSystem engine) => (await engine.ReadAsync()).Nodes.Single(node => node.Name == "burst-1");
}
