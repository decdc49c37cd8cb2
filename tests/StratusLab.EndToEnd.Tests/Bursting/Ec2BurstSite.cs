using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Guests;
using StratusLab.Rig;
using StratusLab.Rig.Slurm;
using StratusLab.Sdk;
using StratusLab.Slurm;
using Xunit;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>
/// A centre with a real Slurm, and an emulated region whose instances are namespaces in which a real slurmd runs: what user data that StratusLab writes
/// makes of them. The controllers are processes of their own.
/// </summary>
internal sealed class Ec2BurstSite : IAsyncDisposable
{
    public const string Burst = "peak";

    private const string FirstMachine = "site";

    private readonly NamespaceGuests _guests;
    private readonly DirectoryInfo _parent;
    private readonly Ec2BurstSiteOptions _options;
    private readonly List<SiteProcess> _controllers = [];

    private Ec2BurstSite(NamespaceGuests guests, Ec2Emulator emulator, SlurmCluster cluster, DirectoryInfo parent, Ec2BurstSiteOptions options)
    {
        (_guests, Emulator, Cluster, _parent, _options) = (guests, emulator, cluster, parent, options);
        Slurm = new SlurmBatchSystem(new SlurmOptions { ConfigurationFile = cluster.ConfigurationFile });
    }

    public Ec2Emulator Emulator { get; }

    public SlurmCluster Cluster { get; }

    public SlurmBatchSystem Slurm { get; }

    public string Folder => FolderOf(FirstMachine);

    private string Spool => Path.Combine(_parent.FullName, "spool");

    private string UserDataFile => Path.Combine(_parent.FullName, "user-data");

    private string PolicyFile => Path.Combine(_parent.FullName, "policy.json");

    public static async Task<Ec2BurstSite> StartAsync(Ec2BurstSiteOptions options)
    {
        var parent = Directory.CreateTempSubdirectory("stratus-burst-");
        var programs = Path.Combine(parent.FullName, "programs");
        await SlurmHook.WriteAsync(programs, Path.Combine(parent.FullName, "spool"));
        var configuration = new SlurmConfiguration
        {
            NodeClasses = [new SlurmNodeClass { Name = "c", Count = options.CloudNodes, Cpu = 2, Memory = ByteSize.FromGiB(4) }],
            LocalNodes = "n[1-2]",
            ProgramFolder = programs,
            BootTimeout = TimeSpan.FromSeconds(300),
            IdleHold = TimeSpan.FromSeconds(30),
            SuspendTimeout = TimeSpan.FromSeconds(5),
        };
        var cluster = await SlurmCluster.StartAsync(new SlurmClusterOptions
        {
            Fragment = $"{configuration.ToSlurmConf()}JobCompType=jobcomp/filetxt\nJobCompLoc={parent.FullName}/completions\n",
        });
        var guests = await NamespaceGuests.StartAsync();
        var emulator = await Ec2Emulator.StartAsync(new EmulatorOptions { Guests = guests, DescribeLag = TimeSpan.FromSeconds(1), StateChange = TimeSpan.FromSeconds(1) });
        var site = new Ec2BurstSite(guests, emulator, cluster, parent, options);
        if (options.DiskSize is { } size)
        {
            Directory.CreateDirectory(site.Folder);
            await Command.RunAsync("mount", ["-t", "tmpfs", "-o", "mode=700,size=" + size, "site", site.Folder]);
        }

        await TinyImage.PublishAsync(site.Folder, emulator.Cloud);
        using (var register = SiteProcess.Start(site.Environment, "register", site.Folder, "aws", $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(emulator.Endpoint.AbsoluteUri)}", "1000"))
        {
            var (code, _, error) = await register.WaitAsync();
            Assert.True(code == 0, error);
        }

        await site.ConnectAsync();
        await site.WriteUserDataAsync();
        await File.WriteAllTextAsync(site.PolicyFile, options.Policy.ToJson());
        return site;
    }

    /// <summary>Starts a process that controls the burst.</summary>
    public SiteProcess Control() => Control(FirstMachine);

    /// <summary>The same on another machine that shares the site, as soon as it is not refused any more.</summary>
    public async Task<SiteProcess> TakeOverAsync(string machine)
    {
        // The image is brought there as it is.
        await Command.RunAsync("mkdir", ["-m", "700", FolderOf(machine)]);
        await Command.RunAsync("cp", ["-a", Path.Combine(Folder, "images"), FolderOf(machine)]);
        SiteProcess? process = null;
        await UntilAsync($"{machine} to take over", async () =>
        {
            if (process is null || process.Output.Contains("refused BurstHeld", StringComparison.Ordinal)) process = Control(machine);
            await Task.Delay(TimeSpan.FromSeconds(1));
            return process.Output.Contains("started", StringComparison.Ordinal);
        }, 180);
        return process!;
    }

    private SiteProcess Control(string machine)
    {
        var process = SiteProcess.Start(
            Environment, "burst", FolderOf(machine), Burst, "aws", TinyImage.Name, Cluster.ConfigurationFile, Spool, UserDataFile, PolicyFile);
        _controllers.Add(process);
        return process;
    }

    private Dictionary<string, string> Environment => new(SiteProcess.KeysOf(Emulator)) { ["STRATUS_SITE"] = _options.Database ?? string.Empty };

    private string FolderOf(string machine) => Path.Combine(_parent.FullName, machine);

    private async Task<T> AskAsync<T>(Func<BurstService, Task<T>> question)
    {
        await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = Folder, Database = _options.Database, Providers = [] });
        return await question(site.Bursts);
    }

    public Task<List<BurstNodeRecord>> NodesAsync() => AskAsync(bursts => ListAsync(bursts.ListNodesAsync(Burst, withHistory: true)));

    public Task<List<BurstTransition>> TransitionsAsync() => AskAsync(bursts => ListAsync(bursts.ListTransitionsAsync(Burst)));

    public async Task<BurstStatus?> StatusAsync() => (await AskAsync(bursts => ListAsync(bursts.ListAsync()))).Find(b => b.Name == Burst);

    public Task<IReadOnlyList<SlurmAccount>> AccountsAsync() => SlurmAccount.ReadAsync(Path.Combine(_parent.FullName, "completions"));

    public List<EmulatedInstance> Alive()
    {
        lock (Emulator.Cloud.Gate) return [.. Emulator.Cloud.Instances.Where(i => !i.IsTerminated(Emulator.Cloud.Now))];
    }

    /// <summary>What the processes said, for a test that fails.</summary>
    public string Said() => string.Join("\n---\n", _controllers.Select(c => c.Output));

    public async Task UntilAsync(string what, Func<Task<bool>> condition, int seconds)
    {
        try
        {
            await Poll.UntilAsync(what, _ => condition(), TimeSpan.FromSeconds(seconds));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{await Cluster.SlurmAsync("sinfo", "-N", "-l")}\n{await Cluster.SlurmAsync("squeue")}\n{Said()}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var controller in _controllers) controller.Dispose();
        await Slurm.DisposeAsync();
        await Emulator.DisposeAsync();
        await Cluster.DisposeAsync();
        await Command.TryAsync("umount", ["-l", Folder]);
        _parent.Delete(recursive: true);
    }

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> source)
    {
        var list = new List<T>();
        await foreach (var item in source) list.Add(item);
        return list;
    }

    // slurmctld and the guests reach each other through this machine, on these two links only.
    private async Task ConnectAsync()
    {
        string? outside = null;
        foreach (var address in (string[])[_guests.AddressPrefix + ".0.1", Cluster.Address])
        {
            var route = (await Command.RunAsync("ip", ["-o", "route", "get", address])).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            await File.WriteAllTextAsync($"/proc/sys/net/ipv4/conf/{route[Array.IndexOf(route, "dev") + 1]}/forwarding", "1");
            outside = route[Array.IndexOf(route, "src") + 1];
        }

        await Cluster.RunAsync("ip", ["route", "add", _guests.AddressPrefix + ".0.0/16", "via", outside!]);
    }

    private async Task WriteUserDataAsync()
    {
        var setup = new SlurmNodeSetup(Cluster.Address, await File.ReadAllBytesAsync(Cluster.MungeKeyFile)) { Lease = _options.NodeLease };

        // A new machine has these folders of its own.
        var first = "runcmd:\n- [mkdir, -p, /var/lib/slurm, /var/log/slurm]\n";
        if (_options.LooksOften) first += "- [sed, -i, 's/Sec=60/Sec=10/', /etc/systemd/system/stratus-lease.timer]\n";
        await File.WriteAllTextAsync(UserDataFile, setup.ToUserData().Replace("runcmd:\n", first, StringComparison.Ordinal));
    }
}
