using StratusLab.Ec2.Emulator;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>
/// Controllers that are killed in a burst onto EC2, and the nodes that they leave behind: real Slurm, real slurmd on the instances, and a site on PostgreSQL
/// that machines share.
/// </summary>
public sealed class Ec2TakeOverTests(ITestOutputHelper output)
{
    private const int SigKilled = 137;

    [RequiresFact(Need.Slurm, Need.InstanceGuest, Need.Postgres)]
    public async Task A_burst_whose_controller_is_killed_in_a_launch_goes_on_from_another_machine_with_no_node_lost_or_extra()
    {
        const int Count = 8;
        await using var server = await PostgresServer.StartAsync();
        await using var site = await StartAsync(server, Count);
        var jobs = await SubmitAsync(site, Count);
        await KillFirstInLaunchAsync(site, Count);
        await TakeOverAsync(site, "another");
        await UntilAllHaveWorkAsync(site, Count);
        await EndAsync(site, jobs);
        await site.UntilAsync("the end of the jobs", async () => (await site.AccountsAsync()).Count == Count / 2, 180);
        Assert.All(await site.AccountsAsync(), record => Assert.Equal("COMPLETED", record.State));
        await site.UntilAsync("the nodes to be gone", async () => site.Alive().Count == 0 && await AreSettledAsync(site, Count), 240);
        Say("the nodes are gone");
        await AssertNoneFailedAsync(site, Count);
    }

    [RequiresFact(Need.Slurm, Need.InstanceGuest, Need.Postgres)]
    [Trait("Category", "Long")]
    public async Task A_burst_of_50_nodes_goes_on_from_another_machine_with_none_lost_or_extra_and_without_a_controller_its_nodes_end_themselves()
    {
        const int Count = 50;
        await using var server = await PostgresServer.StartAsync();
        await using var site = await StartAsync(server, Count);
        var jobs = await SubmitAsync(site, Count);
        await KillFirstInLaunchAsync(site, Count);
        var second = await TakeOverAsync(site, "another");
        await UntilAllHaveWorkAsync(site, Count);
        second.Kill();
        Assert.Equal(SigKilled, (await second.WaitAsync()).ExitCode);
        var lastLook = DateTimeOffset.UtcNow;
        Assert.Equal(Count, site.Alive().Count);
        await AssertNoneFailedAsync(site, Count);

        // Nobody looks after them any more: they end when their jobs have and their lease is over.
        await EndAsync(site, jobs);
        await site.UntilAsync("the end of the jobs", async () => (await site.AccountsAsync()).Count == Count / 2, 360);
        Assert.All(await site.AccountsAsync(), record => Assert.Equal("COMPLETED", record.State));
        Say("the jobs have ended");
        await site.UntilAsync("the nodes to end themselves", () => Task.FromResult(site.Alive().Count == 0), 420);
        Say($"all nodes have ended, {(int)(DateTimeOffset.UtcNow - lastLook).TotalSeconds} s after the last controller was killed");
        lock (site.Emulator.Cloud.Gate) Assert.All(site.Emulator.Cloud.Instances, i => Assert.Equal("Client.InstanceInitiatedShutdown", i.Reason?.Code));

        await TakeOverAsync(site, "third");
        await site.UntilAsync("the ledger to be settled", () => AreSettledAsync(site, Count), 300);
        Say("the ledger is settled");
        Assert.Equal(Count, site.Emulator.Cloud.Launched);
    }

    private static BurstPolicy Policy { get; } = new()
    {
        DailyBudget = 100,
        MaxNodes = 60,
        WaitThreshold = TimeSpan.FromSeconds(5),
        Tick = TimeSpan.FromSeconds(1),
        Reconcile = TimeSpan.FromSeconds(5),
        IdleHold = TimeSpan.FromSeconds(3),
        OrphanGrace = TimeSpan.FromSeconds(10),
        BootTime = TimeSpan.FromSeconds(10),
        BootTimeout = TimeSpan.FromSeconds(180),
        LaunchWindow = TimeSpan.FromMilliseconds(500),
        LaunchWindowMax = TimeSpan.FromSeconds(1),
        Lease = TimeSpan.FromMinutes(1),
    };

    private static async Task<Ec2BurstSite> StartAsync(PostgresServer server, int count) => await Ec2BurstSite.StartAsync(new()
    {
        CloudNodes = count,
        Policy = Policy,
        Database = await server.CreateDatabaseAsync(),

        // Longer than another controller has to wait before it may take over.
        NodeLease = TimeSpan.FromMinutes(2),
        LooksOften = true,
    });

    // The local nodes are busy for longer than anything here lasts. The other jobs run until they are told to end, also on a slow machine: they ask, since a signal
    // is lost on a job whose script has not begun.
    private static async Task<IReadOnlyList<string>> SubmitAsync(Ec2BurstSite site, int nodes)
    {
        await site.Cluster.SubmitAsync("sleep 1800", ["-N2", "--exclusive", "-t", "60"]);
        var jobs = new List<string>();
        for (var job = 0; job < nodes / 2; job++)
            jobs.Add(await site.Cluster.SubmitAsync("until [ \"$(squeue -h -j \"$SLURM_JOB_ID\" -o %k)\" = end ]; do sleep 2; done", ["-N2", "-n2", "--exclusive", "--mem=100", "-t", "25"]));
        return jobs;
    }

    private static async Task EndAsync(Ec2BurstSite site, IEnumerable<string> jobs) =>
        await site.Cluster.SlurmAsync("scontrol", "update", "JobId=" + string.Join(',', jobs), "Comment=end");

    private async Task UntilAllHaveWorkAsync(Ec2BurstSite site, int count)
    {
        await site.UntilAsync("all nodes to have work", async () => (await site.NodesAsync()).Count(n => n.State is BurstNodeState.Active) == count, 300);
        Say("all nodes have work");
    }

    // Killed when instances were made and it was not told.
    private async Task KillFirstInLaunchAsync(Ec2BurstSite site, int count)
    {
        SiteProcess? first = null;
        var isKilled = 0;
        site.Emulator.OnCall = (action, moment) =>
        {
            if (action != "RunInstances" || moment is not CallMoment.BeforeReply || Interlocked.Exchange(ref isKilled, 1) != 0) return true;
            first!.Kill();
            return false;
        };
        first = site.Control();
        Assert.Equal(SigKilled, (await first.WaitAsync()).ExitCode);
        var made = site.Alive().Count;
        Say($"the first controller is killed; {made} instances are there");
        Assert.InRange(made, 1, count);
    }

    private async Task<SiteProcess> TakeOverAsync(Ec2BurstSite site, string machine)
    {
        var process = await site.TakeOverAsync(machine);
        Say($"the controller on {machine} has taken over");
        return process;
    }

    private static async Task<bool> AreSettledAsync(Ec2BurstSite site, int count) =>
        (await site.NodesAsync()) is { } all && all.Count == count && all.All(n => n.State is BurstNodeState.Terminated);

    // As many as were asked for by the region's own account, each of them once, and each registered.
    private static async Task AssertNoneFailedAsync(Ec2BurstSite site, int count)
    {
        Assert.Equal(count, site.Emulator.Cloud.Launched);
        var nodes = await site.NodesAsync();
        Assert.Equal(count, nodes.Select(n => n.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(nodes, n => Assert.Equal((1, true), (n.Generation, n.RegisteredAt is not null)));
    }

    private void Say(string what) => output.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {what}");
}
