using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Guests;
using StratusLab.GridEngine;
using StratusLab.Rig;
using StratusLab.Rig.GridEngine;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>
/// A full queue of a real Grid Engine bursts onto EC2: a real qmaster, a real execd on each instance, as user data that StratusLab writes makes it, and the
/// controller as a process. Names of instances resolve by a resolver that reads the hosts file which the controller writes.
/// </summary>
public sealed class GridEngineBurstTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Burst = "grid";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stratus-grid-");
    private GridEngineCluster _cluster = null!;
    private Ec2Emulator _emulator = null!;

    private string SiteFolder => Path.Combine(_folder.FullName, "site");

    [RequiresFact(Need.GridEngine, Need.InstanceGuest)]
    public async Task Jobs_of_a_full_queue_run_on_instances_that_come_for_them_and_go_after_them()
    {
        await StartAsync(new GridEngineConfiguration { NodeName = "burst-", Count = 4, Cpu = 2, Memory = ByteSize.FromGiB(4), LocalQueue = "batch.q" });
        await _cluster.SubmitAsync(1800, "-pe", "mpi4", "8", "-l", "h_rt=3600");
        await UntilAsync("the full queue", async () => (await _cluster.RunAsync("qhost", "-q")).Split("0/4/4").Length == 3, 240);
        string[] jobs = [await _cluster.SubmitAsync(5, "-pe", "smp", "2", "-l", "h_rt=120"), await _cluster.SubmitAsync(5, "-pe", "mpi2", "4", "-l", "h_rt=120")];
        using var controller = SiteProcess.Start(
            SiteProcess.KeysOf(_emulator), "grid-burst", SiteFolder, Burst, "aws", TinyImage.Name, _cluster.ProgramFolder, _cluster.HostsFile, Path.Combine(_folder.FullName, "user-data"), Path.Combine(_folder.FullName, "policy.json"));
        try
        {
            await UntilAsync("the nodes to be ready", async () => (await NodesAsync()).Count(node => node.RegisteredAt is not null) == 3, 240);

            // The machines are told until when they are wanted.
            Assert.Equal(4, (await _cluster.RunAsync("qhost", "-F", "stratus_lease")).Split("stratus_lease=").Length);
            await UntilAsync("the jobs' end", async () => (await AccountsAsync()).Count == 2, 240);
            await UntilAsync("the nodes to be gone", async () => Alive() == 0 && (await NodesAsync()) is { Count: 3 } all && all.All(node => node.State is BurstNodeState.Terminated), 240);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{await _cluster.RunAsync("qstat", "-f", "-u", "*")}\n{controller.Output}", e);
        }

        Assert.Equal(3, _emulator.Cloud.Launched);
        var accounts = await AccountsAsync();
        var lives = await NodesAsync();
        var steps = await ListAsync(bursts => bursts.ListTransitionsAsync(Burst));
        Assert.Equal(jobs.Order(StringComparer.Ordinal), accounts.Select(account => account.Id).Order(StringComparer.Ordinal));
        foreach (var account in accounts)
        {
            output.WriteLine(account.ToString());
            Assert.Equal(("burst.q", "0", "0"), (account.Queue, account.Failed, account.ExitCode));

            // Grid Engine's books name the first of a job's hosts; the ledger has all, and each was paid for while the job ran.
            var names = steps.Where(step => step is { To: BurstNodeState.Active } && step.Detail == $"job {account.Id}").Select(step => step.Node).ToHashSet(StringComparer.Ordinal);
            Assert.Contains(account.Host, names);
            Assert.Equal(account.Slots / 2, names.Count);
            foreach (var life in names.Select(name => Assert.Single(lives, node => node.Name == name)))
            {
                Assert.InRange(account.Started, life.LaunchedAt!.Value, life.EndedAt!.Value);
                Assert.InRange(account.Ended, life.LaunchedAt!.Value, life.EndedAt!.Value);
            }
        }

        // What was spent is what the instances cost while they lived, and nothing is promised any more.
        var spent = lives.Sum(life => life.PricePerHour * (decimal)(life.EndedAt!.Value - life.LaunchedAt!.Value).TotalHours);
        var status = Assert.Single(await ListAsync(bursts => bursts.ListAsync()));
        Assert.InRange(status.SpentToday, spent - 0.0002m, spent + 0.0002m);
        Assert.Equal((0m, 0), (status.ReservedToday, status.GrantCount));
        foreach (var life in lives) output.WriteLine(FormattableString.Invariant($"{life.Name} {life.MachineType} registered after {(life.RegisteredAt - life.LaunchedAt)!.Value.TotalSeconds:0.0} s, lived {(life.EndedAt - life.LaunchedAt)!.Value.TotalSeconds:0.0} s"));

        // What others run is as it was, and no queue of a machine that is gone is open.
        Assert.Equal(3, (await _cluster.RunAsync("qhost", "-q")).Split("0/4/4").Length);
        Assert.DoesNotMatch(@"(?m)^burst\.q@\S+ .* (u|a|au)? *$", await _cluster.RunAsync("qstat", "-f", "-q", "burst.q"));
        Assert.Empty(_emulator.Violations);
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_emulator is not null) await _emulator.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(GridEngineConfiguration configuration)
    {
        _cluster = await GridEngineCluster.StartAsync(localNodes: 2);
        var nodes = (await GridEngineNodeSetup.FromCellAsync(_cluster.CellFolder)) with { QmasterAddress = _cluster.Address, SpoolFolder = _cluster.ExecdFolder };
        foreach (var file in configuration.ToFiles(nodes)) await file.WriteAsync(_folder.FullName, replace: false);
        File.Copy(Path.Combine(_folder.FullName, "stratus-burst-hosts"), _cluster.HostsFile, overwrite: true);
        await UntilAsync("the names", async () => (await _cluster.RunThereAsync("sh", "-c", "getent hosts burst-1 || true")).Length > 0, 240);
        await _cluster.RunThereAsync("sh", Path.Combine(_folder.FullName, "stratus-burst-setup"));

        // A machine takes a moment to start, so that its name is known before it is.
        var guests = await NamespaceGuests.StartAsync();
        _emulator = await Ec2Emulator.StartAsync(new EmulatorOptions { Guests = guests, DescribeLag = TimeSpan.FromSeconds(1), StateChange = TimeSpan.FromSeconds(4) });
        await TinyImage.PublishAsync(SiteFolder, _emulator.Cloud);
        using (var register = SiteProcess.Start(SiteProcess.KeysOf(_emulator), "register", SiteFolder, "aws", $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(_emulator.Endpoint.AbsoluteUri)}", "1000"))
            Assert.Equal(0, (await register.WaitAsync()).ExitCode);
        await ConnectAsync(guests);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "policy.json"), Policy.ToJson());
    }

    // Qmaster and the guests reach each other through this machine, on these two links only.
    private async Task ConnectAsync(NamespaceGuests guests)
    {
        string? outside = null;
        foreach (var address in (string[])[guests.AddressPrefix + ".0.1", _cluster.Address])
        {
            var route = (await Command.RunAsync("ip", ["-o", "route", "get", address])).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            await File.WriteAllTextAsync($"/proc/sys/net/ipv4/conf/{route[Array.IndexOf(route, "dev") + 1]}/forwarding", "1");
            outside = route[Array.IndexOf(route, "src") + 1];
        }

        await _cluster.RunThereAsync("ip", "route", "add", guests.AddressPrefix + ".0.0/16", "via", outside!);
    }

    private async Task<List<GridEngineAccount>> AccountsAsync()
    {
        var accounting = Path.Combine(_cluster.CellFolder, "common", "accounting");
        return File.Exists(accounting) ? [.. GridEngineAccount.Read(await _cluster.RunThereAsync("env", "TZ=UTC", "LC_ALL=C", "qacct", "-f", accounting, "-j", "*"))] : [];
    }

    private int Alive()
    {
        lock (_emulator.Cloud.Gate) return _emulator.Cloud.Instances.Count(instance => !instance.IsTerminated(_emulator.Cloud.Now));
    }

    private Task<List<BurstNodeRecord>> NodesAsync() => ListAsync(bursts => bursts.ListNodesAsync(Burst, withHistory: true));

    private async Task<List<T>> ListAsync<T>(Func<BurstService, IAsyncEnumerable<T>> question)
    {
        await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = SiteFolder, Providers = [] });
        return await question(site.Bursts).ToListAsync();
    }

    private static Task UntilAsync(string what, Func<Task<bool>> condition, int seconds) => Poll.UntilAsync(what, _ => condition(), TimeSpan.FromSeconds(seconds));

    private static BurstPolicy Policy { get; } = new()
    {
        DailyBudget = 100,
        MaxNodes = 10,
        LocalPartition = "batch.q",
        BurstPartition = "burst.q",
        WaitThreshold = TimeSpan.FromSeconds(5),
        Tick = TimeSpan.FromSeconds(1),
        Reconcile = TimeSpan.FromSeconds(5),
        IdleHold = TimeSpan.FromSeconds(3),
        OrphanGrace = TimeSpan.FromSeconds(10),
        BootTime = TimeSpan.FromSeconds(10),
        BootTimeout = TimeSpan.FromSeconds(240),
        Lease = TimeSpan.FromMinutes(1),
    };
}
