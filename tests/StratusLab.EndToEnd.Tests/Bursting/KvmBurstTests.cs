using System.Diagnostics;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Rig.Slurm;
using StratusLab.Sdk;
using StratusLab.Slurm;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>A real slurmctld whose local nodes are full, and real guests with slurmd on a second libvirt host that come for its jobs and go after them.</summary>
[Collection(HostCollection.Name)]
public sealed class KvmBurstTests(TwoHosts hosts, ITestOutputHelper output)
{
    private const decimal PricePerHour = 0.36m;
    private static readonly TimeSpan Boot = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan IdleHold = TimeSpan.FromSeconds(10);

    private LibvirtHost Second => hosts.Hosts[1];

    /// <summary>One boot serves all of it: jobs that wait and run elsewhere, nodes that go when they are idle, a controller that ends, and a node that then ends itself.</summary>
    [RequiresFact(Need.LibvirtHost, Need.DebianGuest, Need.Slurm, Need.Pwsh)]
    [Trait("Category", "Long")]
    public async Task Jobs_of_a_full_partition_run_on_guests_that_come_and_go()
    {
        var clock = Stopwatch.StartNew();
        void Tell(string what) => output.WriteLine($"{clock.Elapsed.TotalSeconds:0} s: {what}");

        await using var test = await TestSite.OpenAsync([.. hosts.Hosts.Select(host => host.Uri)]);
        var programs = Directory.CreateDirectory(Path.Combine(test.Folder, "slurm-programs")).FullName;
        var (books, spool, policy) = (Path.Combine(programs, "jobs"), Path.Combine(programs, "spool"), Path.Combine(programs, "policy.json"));
        await File.WriteAllTextAsync(policy, Policy);
        await SlurmHook.WriteAsync(programs, spool);
        await using var cluster = await SlurmCluster.StartAsync(new SlurmClusterOptions { ChecksNodes = true, Fragment = Configuration(programs).ToSlurmConf() + $"JobCompType=jobcomp/filetxt\nJobCompLoc={books}\n" });
        await cluster.JoinAsync(Second);
        await test.Site.Images.PublishAsync(new ImagePublication { Path = await GuestImages.SlurmNodeAsync(), Name = "node", Version = "12" });
        KvmScript Script(params string[] more) => KvmScript.Start(
            test.Folder, Path.Combine(Repository.Root, "tests", "StratusLab.EndToEnd.Tests", "Scripts", "KvmBurst.ps1"), output,
            [Path.Combine(Repository.Root, "artifacts", "module", "StratusLab"), "host2", cluster.ConfigurationFile, spool, cluster.Address, cluster.MungeKeyFile, policy, .. more]);

        // The partition is full for an hour; what waits behind it says nothing of other nodes.
        var filler = await cluster.SubmitAsync("sleep 3600", ["-N2", "--exclusive", "-t", "60", "-J", "filler"]);
        var mine = await cluster.SubmitAsync("true", ["-N1", "-t", "5", "-C", "local", "-J", "local"]);
        var held = await cluster.SubmitAsync("true", ["-N1", "-t", "5", "--hold", "-J", "held"]);
        var pair = await cluster.SubmitAsync(PairOfNodes, ["-N2", "-n2", "--uid=nobody", "-t", "2", "-J", "pair"]);
        var checks = await cluster.SubmitAsync(InsideOfNode, ["-N1", "-t", "2", "-J", "checks"]);
        var lease = await cluster.SubmitAsync(UntilLease, ["-N1", "-t", "30", "-J", "lease"]);

        await using (var controller = Script())
        {
            Task WhileAsync(string what, Func<Task<bool>> condition, TimeSpan within) => UntilAsync(what, async () => await condition() || (controller.HasExited ? throw new InvalidOperationException("The controller has ended.") : false), within);
            await WhileAsync("guests on the second host", async () => (await GuestsAsync()).Length == 2, Soon);
            Tell("two guests launched");
            await WhileAsync("the first job to end", async () => (await SlurmAccount.ReadAsync(books)).Any(job => job.Id == pair), Boot);
            Assert.Equal("COMPLETED", (await SlurmAccount.ReadAsync(books)).Single(job => job.Id == pair).State);
            Tell("the job on two nodes has ended");
            await WhileAsync("the idle guest to go", async () => (await NodesAsync(test.Site)).Any(node => node.State is BurstNodeState.Terminated), Soon);
            Assert.Single(await GuestsAsync());
            Tell("one guest is gone, the other one works");
            await controller.InterruptAsync();
            await controller.EndAsync(Soon);
            Tell("the controller has ended");
            Assert.DoesNotContain(controller.Lines, line => line.StartsWith("check Failed", StringComparison.Ordinal));
            Assert.Contains(controller.Lines, line => line.Contains("is not looked after any more", StringComparison.Ordinal));
        }

        // Nobody looks after it: the job goes on to its end, and then the guest ends itself.
        await cluster.SlurmAsync("scontrol", "update", "JobId=" + lease, "Comment=end");
        await UntilAsync("the guest to end itself", async () => (await GuestsAsync(running: true)).Length == 0, TimeSpan.FromMinutes(10));
        Tell("the guest has ended itself");
        var accounts = await SlurmAccount.ReadAsync(books);
        Assert.Contains(accounts, job => job.Id == lease);

        await using (var controller = Script("-Drain"))
        {
            await controller.EndAsync(Soon);
            Assert.Contains("end Stopped nodes 0 reserved 0 jobs 0", controller.Lines);
        }

        Tell("the burst is over");
        var (domains, volumes) = await TestSite.LeftOnAsync(Second);
        Assert.Empty(domains);
        Assert.Empty(volumes);
        Assert.Empty((await TestSite.LeftOnAsync(hosts.Host)).Domains);
        Assert.Equal(0, await test.CountOpenIntentsAsync());
        await UntilAsync("the nodes to be off", async () => (await cluster.SlurmAsync("sinfo", "-h", "-p", "burst", "-N", "-o", "%T")).Split('\n').All(state => state == "idle~"), Soon);

        // The jobs of others are as they were.
        Assert.Equal([filler, mine, held], (await cluster.SlurmAsync("squeue", "-h", "-o", "%i")).Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal("RUNNING batch n[1-2]", await cluster.SlurmAsync("squeue", "-h", "-j", filler, "-o", "%T %P %N"));
        Assert.Equal("PENDING batch", await cluster.SlurmAsync("squeue", "-h", "-j", mine, "-o", "%T %P"));
        Assert.Equal("PENDING batch", await cluster.SlurmAsync("squeue", "-h", "-j", held, "-o", "%T %P"));

        foreach (var job in accounts) output.WriteLine($"{job.Name}: waited {job.Wait.TotalSeconds:0} s, ran {job.Time.TotalSeconds:0} s on {string.Join(',', job.Nodes)}, {job.State} {job.ExitCode}");
        Assert.Equal([pair, checks, lease], accounts.Select(job => job.Id).Order(StringComparer.Ordinal));
        Assert.All(accounts, job => Assert.Equal(("COMPLETED", "0:0"), (job.State, job.ExitCode)));
        Assert.Equal("nobody", accounts.Single(job => job.Id == pair).User);
        Assert.All(accounts, job => Assert.InRange(job.Wait, TimeSpan.Zero, TimeSpan.FromMinutes(30)));
        await CompareAsync(test.Site, accounts);
        await cluster.SlurmAsync("scancel", "--user=root");
    }

    // Both books tell of the same nodes and times, and the money is what the nodes were there for.
    private async Task CompareAsync(StratusSite site, IReadOnlyList<SlurmAccount> accounts)
    {
        var nodes = await NodesAsync(site);
        var steps = await site.Bursts.ListTransitionsAsync("burst").ToListAsync();
        foreach (var step in steps.AsEnumerable().Reverse()) output.WriteLine($"{step.At:HH:mm:ss} {step}");
        Assert.Equal(["burst-1", "burst-2"], nodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        foreach (var job in accounts)
        {
            foreach (var node in job.Nodes.Select(name => nodes.Single(node => node.Name == name)))
            {
                Assert.InRange(job.Started, node.RegisteredAt!.Value - IdleHold, node.EndedAt!.Value);
                Assert.InRange(job.Ended, node.RegisteredAt!.Value, node.EndedAt!.Value);
                Assert.Contains(steps, step => step.Node == node.Name && step.To is BurstNodeState.Active && step.Detail == $"job {job.Id}");
            }
        }

        var there = nodes.Sum(node => (node.EndedAt!.Value - node.LaunchedAt!.Value).TotalSeconds);
        var worked = accounts.Sum(job => job.Time.TotalSeconds * job.Nodes.Count);
        var status = await site.Bursts.ListAsync().SingleAsync();
        output.WriteLine($"{there:0} node-seconds there, {worked:0} with jobs, {status.SpentToday} USD");
        Assert.All(nodes, node => Assert.Equal(PricePerHour, node.PricePerHour));
        Assert.Equal(0, status.ReservedToday);

        // What was spent since midnight, whichever day the nodes came on.
        var midnight = new DateTimeOffset(status.TickedAt!.Value.UtcDateTime.Date, TimeSpan.Zero);
        var cost = nodes.Sum(node => (decimal)Math.Max(0, (node.EndedAt!.Value - Later(node.LaunchedAt!.Value, midnight)).TotalHours) * PricePerHour);
        Assert.InRange(status.SpentToday, cost - 0.0001m, cost + 0.0001m);

        // A node was there for its jobs, for its boot, until it was seen to be idle for as long as it is held, and for what giving it back takes.
        var first = nodes.Single(node => node.State is BurstNodeState.Terminated && steps.Any(step => step.Node == node.Name && step.To is BurstNodeState.Draining));
        var busy = accounts.Where(job => job.Nodes.Contains(first.Name)).ToList();
        Assert.InRange(first.EndedAt!.Value, busy.Max(job => job.Ended) + IdleHold - TimeSpan.FromSeconds(2), busy.Max(job => job.Ended) + IdleHold + Soon);
        Assert.InRange(worked, 1, there);
    }

    private const string PairOfNodes = """
        set -e
        ! cat /etc/munge/munge.key
        [ "$(srun -N2 -n2 hostname | sort | tr '\n' ' ')" = 'burst-1 burst-2 ' ]
        """;

    private const string InsideOfNode = """
        set -e
        [ "$(systemd-detect-virt --vm)" = qemu ]
        [ "$(stat -c '%U:%G %a' /etc/munge/munge.key)" = 'munge:munge 400' ]
        [ "$(hostname)" = "$SLURMD_NODENAME" ]
        systemctl is-active --quiet slurmd munge stratus-lease.timer stratus-set-up.timer
        [ "$SLURM_JOB_PARTITION" = burst ]
        sleep 3
        """;

    // Until the test tells it to end, so that its node is there when the other one is given back; and until the node has read its lease from Slurm. It asks, since a
    // signal is lost on a job whose script has not begun.
    private const string UntilLease = """
        for second in $(seq 1500); do
          if [ "$(squeue -h -j "$SLURM_JOB_ID" -o %k)" = end ] && [ -s /run/stratuslab/lease ]; then exit 0; fi
          sleep 1
        done
        exit 1
        """;

    private static SlurmConfiguration Configuration(string programs) => new()
    {
        NodeClasses = [new SlurmNodeClass { Name = "burst-", Count = 2, Cpu = 1, Memory = ByteSize.FromMiB(640) }],
        LocalNodes = "n[1-2]",
        ProgramFolder = programs,
        BootTimeout = Boot,
        IdleHold = IdleHold,
        SuspendTimeout = TimeSpan.FromSeconds(5),
    };

    private const string Policy = """
        {
          "dailyBudget": 10, "maxNodes": 2, "waitThreshold": "00:00:05", "idleHold": "00:00:10", "bootTimeout": "00:15:00",
          "tick": "00:00:01", "reconcile": "00:00:05", "lease": "00:03:00"
        }
        """;

    private async Task<string[]> GuestsAsync(bool running = false) =>
        (await Second.VirshAsync(running ? ["list", "--name"] : ["list", "--all", "--name"])).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<List<BurstNodeRecord>> NodesAsync(StratusSite site) => await site.Bursts.ListNodesAsync("burst", withHistory: true).ToListAsync();

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan within) => Poll.UntilAsync(what, _ => condition(), within);
}
