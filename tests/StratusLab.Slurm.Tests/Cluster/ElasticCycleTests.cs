using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;
using StratusLab.Slurm.Tests.Spool;

namespace StratusLab.Slurm.Tests.Cluster;

/// <summary>A job that waits on full local nodes is let onto cloud nodes; the test does the controller's part of the cycle.</summary>
[Collection(ClusterTestCollection.Name)]
public sealed class ElasticCycleTests(OneCluster fixture)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    [RequiresFact(Need.Slurm)]
    [Trait("Category", "Long")]
    public async Task Job_runs_on_a_node_that_came_for_it_and_goes_after_it()
    {
        var cluster = fixture.Cluster;
        var spool = new SlurmSpool(fixture.Spool);
        await cluster.SubmitAsync("sleep 600", ["-N2", "--exclusive"]);
        var job = await cluster.SubmitAsync("sleep 3", ["-N2", "-n2", "--exclusive", "--mem=100", "-t", "5"]);
        await Poll.UntilAsync("the job to wait", async c => await JobAsync(job, c) is { State: BatchJobState.Pending, Reason: not "None" });

        await fixture.Slurm.AllowAsync(job, ["batch", "burst"]);
        var resume = await NextAsync(spool, SlurmRequestKind.Resume);
        Assert.Equal(2, resume.Nodes.Count);
        Assert.Equal((job, 2), (Assert.Single(resume.Jobs).Id, resume.Jobs[0].ResumedNodes.Count));
        Assert.All(await NodesAsync(resume), node => Assert.Equal(BatchNodeState.PoweringUp, node.State));
        Assert.Equal(BatchJobState.Configuring, (await JobAsync(job))!.State);

        foreach (var node in resume.Nodes)
        {
            await fixture.Slurm.ChangeNodeAsync(node, new BatchNodeChange { InstanceId = "i-" + node, InstanceType = "rig" });
            await cluster.StartNodeAsync(node);
        }

        await spool.AcknowledgeAsync(resume);
        await Poll.UntilAsync("the job to run", async c => await JobAsync(job, c) is null or { State: BatchJobState.Running or BatchJobState.Completing }, Long);
        Assert.All(await NodesAsync(resume), node => Assert.Equal(("i-" + node.Name, true), (node.InstanceId, node.BootedAt is not null)));
        await Poll.UntilAsync("the end of the job", async c => await JobAsync(job, c) is null, Long);

        // Slurm may give back one node before the other.
        var given = new List<string>();
        while (given.Count < resume.Nodes.Count)
        {
            var suspend = await NextAsync(spool, SlurmRequestKind.Suspend);
            foreach (var node in suspend.Nodes) await cluster.StopNodeAsync(node);
            await spool.AcknowledgeAsync(suspend);
            given.AddRange(suspend.Nodes);
        }

        Assert.Equal(resume.Nodes.Order(StringComparer.Ordinal), given.Order(StringComparer.Ordinal));
        await Poll.UntilAsync("the nodes to be off", async c => (await NodesAsync(resume, c)).All(node => node.State == BatchNodeState.PoweredDown), Long);
        await cluster.SlurmAsync("scancel", "--user=root");
    }

    // Requests that other tests of this cluster caused are of no interest here.
    private static async Task<SlurmRequest> NextAsync(SlurmSpool spool, SlurmRequestKind kind)
    {
        await foreach (var request in spool.WatchAsync().WithTimeout())
        {
            if (request.Kind == kind) return request;
            await spool.AcknowledgeAsync(request);
        }

        throw new InvalidOperationException("The watch ended.");
    }

    private async Task<BatchJob?> JobAsync(string id, CancellationToken cancel = default) => (await fixture.Slurm.ReadAsync(cancel)).Jobs.SingleOrDefault(job => job.Id == id);

    private async Task<List<BatchNode>> NodesAsync(SlurmRequest request, CancellationToken cancel = default) =>
        [.. (await fixture.Slurm.ReadAsync(cancel)).Nodes.Where(node => request.Nodes.Contains(node.Name))];
}
