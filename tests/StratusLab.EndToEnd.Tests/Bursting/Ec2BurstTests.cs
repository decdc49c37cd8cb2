using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>A centre's queue bursts onto EC2: real Slurm, real slurmd on the instances, the hook, the controller as a process.</summary>
public sealed class Ec2BurstTests(ITestOutputHelper output)
{
    [RequiresFact(Need.Slurm, Need.InstanceGuest)]
    public async Task Jobs_that_would_wait_for_long_run_on_instances_that_come_for_them_and_go_after_them()
    {
        await using var site = await Ec2BurstSite.StartAsync(new() { CloudNodes = 4, Policy = Quick });
        await site.Cluster.SubmitAsync("sleep 600", ["-N2", "--exclusive", "-t", "30"]);
        List<string> jobs = [];
        foreach (var nodes in (string[])["1", "2"]) jobs.Add(await site.Cluster.SubmitAsync("sleep 5", ["-N" + nodes, "-n" + nodes, "--exclusive", "--mem=100", "-t", "2"]));
        site.Control();
        await site.UntilAsync("the nodes to be ready", async () => (await site.NodesAsync()).Count(n => n.RegisteredAt is not null) == 3, 180);
        await site.UntilAsync("the jobs' end", async () => (await site.AccountsAsync()).Count == 2, 180);
        await site.UntilAsync("the nodes to be gone", async () => site.Alive().Count == 0 && (await site.NodesAsync()) is { Count: 3 } all && all.All(n => n.State is BurstNodeState.Terminated), 180);

        // As many as were needed, by the region's own account.
        Assert.Equal(3, site.Emulator.Cloud.Launched);
        var records = await site.AccountsAsync();
        var lives = await site.NodesAsync();
        var steps = await site.TransitionsAsync();
        Assert.Equal(jobs.Order(StringComparer.Ordinal), records.Select(r => r.Id).Order(StringComparer.Ordinal));
        foreach (var record in records)
        {
            output.WriteLine(record.ToString());
            Assert.Equal("COMPLETED", record.State);
            Assert.Contains("burst", record.Partition, StringComparison.Ordinal);

            // The nodes that had the job are the same in both accounts, and were paid for while it ran.
            var names = record.Nodes.Order(StringComparer.Ordinal);
            Assert.Equal(names, steps.Where(s => s is { To: BurstNodeState.Active } && s.Detail == $"job {record.Id}").Select(s => s.Node).Order(StringComparer.Ordinal));
            foreach (var name in names)
            {
                var life = Assert.Single(lives, n => n.Name == name);
                Assert.InRange(record.Started, life.LaunchedAt!.Value, life.EndedAt!.Value);
                Assert.InRange(record.Ended, life.LaunchedAt!.Value, life.EndedAt!.Value);
            }
        }

        // What was spent is what the instances cost while they lived.
        var spent = lives.Sum(n => n.PricePerHour * (decimal)(n.EndedAt!.Value - n.LaunchedAt!.Value).TotalHours);
        var status = await site.StatusAsync();
        Assert.InRange(status!.SpentToday, spent - 0.0002m, spent + 0.0002m);
        Assert.Equal((0m, 0), (status.ReservedToday, status.GrantCount));
        foreach (var life in lives) output.WriteLine(FormattableString.Invariant($"{life.Name} {life.MachineType} registered after {(life.RegisteredAt - life.LaunchedAt)!.Value.TotalSeconds:0.0} s, lived {(life.EndedAt - life.LaunchedAt)!.Value.TotalSeconds:0.0} s"));
        Assert.Empty(site.Emulator.Violations);
    }

    [RequiresFact(Need.Slurm, Need.InstanceGuest)]
    public async Task Of_four_processes_one_has_the_burst_and_the_day_never_costs_more_than_its_budget()
    {
        const decimal Cap = 0.008m;
        const int Jobs = 6;
        await using var site = await Ec2BurstSite.StartAsync(new() { CloudNodes = Jobs, Policy = Quick with { DailyBudget = Cap, BootTimeout = TimeSpan.FromSeconds(100), SmallJobShare = 1 } });
        await site.Cluster.SubmitAsync("sleep 600", ["-N2", "--exclusive", "-t", "60"]);
        for (var job = 0; job < Jobs; job++) await site.Cluster.SubmitAsync("sleep 2", ["-N1", "--exclusive", "--mem=100", "-t", "2"]);
        SiteProcess[] processes = [.. Enumerable.Range(0, 4).Select(_ => site.Control())];
        var refused = new List<SiteProcess>();
        await site.UntilAsync("three to be refused", () => Task.FromResult((refused = [.. processes.Where(p => p.Output.Contains("refused BurstHeld", StringComparison.Ordinal))]).Count == 3), 180);
        foreach (var process in refused) Assert.Equal(3, (await process.WaitAsync()).ExitCode);
        var (most, mostNodes) = (0m, 0);
        await site.UntilAsync("the jobs' end", async () =>
        {
            if (await site.StatusAsync() is { } status) most = Math.Max(most, status.SpentToday + status.ReservedToday);
            mostNodes = Math.Max(mostNodes, site.Alive().Count);
            return (await site.AccountsAsync()).Count == Jobs;
        }, 240);
        output.WriteLine(FormattableString.Invariant($"at most {most} of {Cap} were spent and reserved, for {mostNodes} nodes at once; {site.Emulator.Cloud.Launched} launched"));

        // It was worth the watching: the cap kept nodes away.
        Assert.InRange(mostNodes, 1, Jobs - 1);
        Assert.InRange(most, Cap / 4, Cap * 1.01m);
        Assert.InRange((await site.StatusAsync())!.SpentToday, 0.0001m, Cap * 1.01m);
        Assert.DoesNotContain(processes, p => !refused.Contains(p) && p.Output.Contains("refused", StringComparison.Ordinal));
    }

    [RequiresFact(Need.Slurm, Need.InstanceGuest)]
    public async Task Nothing_is_launched_that_cannot_be_written_and_the_burst_goes_on_when_there_is_space_again()
    {
        await using var site = await Ec2BurstSite.StartAsync(new() { CloudNodes = 2, Policy = Quick, DiskSize = "16m" });
        var filler = Path.Combine(site.Folder, "filler");
        Fill(filler, leave: 160 << 10);
        var controller = site.Control();
        await site.UntilAsync("the disk to be full", () => Task.FromResult(controller.Output.Contains("Running nodes=0", StringComparison.Ordinal) && LastLine(controller).Contains("full", StringComparison.Ordinal)), 180);
        await site.Cluster.SubmitAsync("sleep 600", ["-N2", "--exclusive", "-t", "30"]);
        var job = await site.Cluster.SubmitAsync("sleep 2", ["-N1", "--exclusive", "--mem=100", "-t", "2"]);
        var looks = Looks(controller);
        await site.UntilAsync("five looks", () => Task.FromResult(Looks(controller) >= looks + 5), 180);
        Assert.Equal(0, site.Emulator.Cloud.Launched);
        Assert.Contains("full", LastLine(controller), StringComparison.Ordinal);

        File.Delete(filler);
        await site.UntilAsync("the job's end", async () => (await site.AccountsAsync()).Any(r => r.Id == job && r.State == "COMPLETED"), 180);
        Assert.Equal(1, site.Emulator.Cloud.Launched);
    }

    private static string LastLine(SiteProcess process) => process.Output.TrimEnd().Split('\n')[^1];

    private static int Looks(SiteProcess process) => process.Output.Split('\n').Count(line => line.Contains(" nodes=", StringComparison.Ordinal));

    private static void Fill(string path, int leave)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.SetLength(0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }

        file.SetLength(file.Length - leave);
    }

    private static BurstPolicy Quick { get; } = new()
    {
        DailyBudget = 100,
        MaxNodes = 60,
        WaitThreshold = TimeSpan.FromSeconds(5),
        Tick = TimeSpan.FromSeconds(1),
        Reconcile = TimeSpan.FromSeconds(5),
        IdleHold = TimeSpan.FromSeconds(3),
        OrphanGrace = TimeSpan.FromSeconds(10),
        BootTime = TimeSpan.FromSeconds(10),
        BootTimeout = TimeSpan.FromSeconds(240),
        LaunchWindow = TimeSpan.FromMilliseconds(500),
        LaunchWindowMax = TimeSpan.FromSeconds(1),
        Lease = TimeSpan.FromMinutes(1),
    };
}
