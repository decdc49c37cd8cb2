using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.GridEngine;
using StratusLab.Rig.Requirements;

namespace StratusLab.GridEngine.Tests.Cluster;

/// <summary>The adapter against a real qmaster and real execds.</summary>
public sealed class RealGridEngineTests
{
    [RequiresFact(Need.GridEngine)]
    public async Task Burst_node_is_added_takes_a_job_is_drained_and_removed()
    {
        await using var cluster = await GridEngineCluster.StartAsync();
        await using var engine = new GridEngineBatchSystem(new GridEngineOptions { ProgramFolder = cluster.ProgramFolder, CommandTimeout = TimeSpan.FromSeconds(20) });
        Assert.Matches(@"^Grid Engine SGE 8\.", await engine.DescribeAsync());
        await engine.AddNodeAsync("burst-1", 4, ByteSize.FromGiB(4));
        Assert.Equal(BatchNodeState.PoweredDown, (await NodeAsync(engine)).State);
        Assert.Equal("NodeNameUnresolved", (await Assert.ThrowsAsync<HostRefusedException>(() => engine.AddNodeAsync("nowhere", 4, default))).ErrorId);

        await cluster.SubmitAsync(600, "-q", "batch.q", "-pe", "smp", "4");
        var waits = await cluster.SubmitAsync(600, "-q", "batch.q", "-pe", "smp", "4", "-l", "h_rt=300");
        await Poll.UntilAsync("a job that waits", async c => (await engine.ReadAsync(c)).Jobs.Any(job => job.Id == waits && job.State == BatchJobState.Pending));
        await engine.AllowAsync(waits, ["batch.q", "burst.q"]);
        Assert.Equal(["batch.q", "burst.q"], (await engine.ReadAsync()).Jobs.Single(job => job.Id == waits).Partitions);
        Assert.Equal("JobNotFound", (await Assert.ThrowsAsync<HostRefusedException>(() => engine.AllowAsync("999", ["burst.q"]))).ErrorId);

        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { InstanceId = "i-1" });
        await cluster.StartNodeAsync("burst-1");
        await Poll.UntilAsync("the job on the burst node", async c => (await engine.ReadAsync(c)).Jobs.Any(job => job.Id == waits && job.Nodes.Contains("burst-1")));

        await engine.ChangeNodeAsync("burst-1", new BatchNodeChange { Action = BatchNodeAction.Drain, Reason = "test" });
        Assert.Equal(BatchNodeState.Draining, (await NodeAsync(engine)).State);
        await cluster.RunAsync("qdel", waits);
        await Poll.UntilAsync("the drained node", async _ => (await NodeAsync(engine)).State == BatchNodeState.Drained);
        await engine.RemoveNodeAsync("burst-1");
        Assert.DoesNotContain((await engine.ReadAsync()).Nodes, node => node.Name == "burst-1");
        Assert.Equal("NodeNotFound", (await Assert.ThrowsAsync<HostRefusedException>(() => engine.ChangeNodeAsync("burst-1", new BatchNodeChange { Action = BatchNodeAction.Resume }))).ErrorId);

        await cluster.StopControllerAsync();
        Assert.Equal("BatchSystemUnreachable", (await Assert.ThrowsAsync<HostConnectionException>(() => engine.ReadAsync())).ErrorId);
    }

    private static async Task<BatchNode> NodeAsync(GridEngineBatchSystem engine) => (await engine.ReadAsync()).Nodes.Single(node => node.Name == "burst-1");
}
