using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.EndToEnd.Tests;
using StratusLab.Rig.Slurm;
using StratusLab.Sdk;
using StratusLab.Slurm;

namespace StratusLab.Benchmarks;

/// <summary>
/// A centre of two nodes with a real Slurm, a region with throttled calls whose instances are <see cref="SlurmdGuests"/>, and a burst between them, whose
/// controller is a process of its own.
/// </summary>
internal sealed class ScaleSite : IAsyncDisposable
{
    private const string Burst = "peak";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly DirectoryInfo _parent;
    private readonly NeighbourTable _neighbours = new();
    private EndToEnd.Tests.SiteProcess? _controller;

    private ScaleSite(DirectoryInfo parent, SlurmCluster cluster, Ec2Emulator emulator) => (_parent, Cluster, Emulator) = (parent, cluster, emulator);

    public SlurmCluster Cluster { get; }

    public Ec2Emulator Emulator { get; }

    public EndToEnd.Tests.SiteProcess Controller => _controller ?? throw new InvalidOperationException("Not started.");

    private string Folder => Path.Combine(_parent.FullName, "site");

    public static async Task<ScaleSite> StartAsync(int nodes, CancellationToken cancel)
    {
        var parent = Directory.CreateTempSubdirectory("stratus-scale-");
        string File(string name) => Path.Combine(parent.FullName, name);
        await SlurmHook.WriteAsync(File("programs"), File("spool"), cancel);
        var configuration = new SlurmConfiguration
        {
            NodeClasses = [new SlurmNodeClass { Name = "c", Count = nodes, Cpu = 2, Memory = ByteSize.FromGiB(4) }],
            LocalNodes = "n[1-2]",
            ProgramFolder = File("programs"),
            BootTimeout = Patience,
            IdleHold = Patience,
        };
        var cluster = await SlurmCluster.StartAsync(new SlurmClusterOptions { Fragment = configuration.ToSlurmConf() + "MaxArraySize=10001\n" }, cancel);
        var guests = await SlurmdGuests.StartAsync(cluster, cancel);
        var emulator = await Ec2Emulator.StartAsync(
            new EmulatorOptions { Guests = guests, DescribeLag = TimeSpan.FromSeconds(1), StateChange = TimeSpan.FromSeconds(10), Throttling = true, LaunchesAtOnce = nodes, Validate = false }, cancel);
        var site = new ScaleSite(parent, cluster, emulator);
        await TinyImage.PublishAsync(site.Folder, emulator.Cloud);
        await site.RunAsync("register", site.Folder, "aws", $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(emulator.Endpoint.AbsoluteUri)}", "100000");
        var setup = await SlurmNodeSetup.FromKeyFileAsync(cluster.Address, cluster.MungeKeyFile, cancellationToken: cancel);
        await System.IO.File.WriteAllTextAsync(File("user-data"), setup.ToUserData(), cancel);
        var policy = new BurstPolicy { DailyBudget = 1_000_000, MaxNodes = nodes, IdleHold = Patience, BootTimeout = Patience };
        await System.IO.File.WriteAllTextAsync(File("policy.json"), policy.ToJson(), cancel);
        site._controller = EndToEnd.Tests.SiteProcess.Start(
            EndToEnd.Tests.SiteProcess.KeysOf(emulator), "burst", site.Folder, Burst, "aws", TinyImage.Name, cluster.ConfigurationFile, File("spool"), File("user-data"), File("policy.json"));
        return site;
    }

    public Task<T> AskAsync<T>(Func<BurstService, string, Task<T>> question) => AskAsync(bursts => question(bursts, Burst));

    public async Task<BurstStatus?> StatusAsync() => await AskAsync(async bursts =>
    {
        await foreach (var burst in bursts.ListAsync())
            if (burst.Name == Burst) return burst;
        return null;
    });

    /// <summary>What slurmctld has used.</summary>
    public async Task<ProcessUse> SlurmctldUseAsync(CancellationToken cancel)
    {
        var process = (await File.ReadAllTextAsync(Path.Combine(Cluster.Folder, "slurmctld.pid"), cancel)).Trim();
        return ProcessUse.Parse(await Cluster.RunAsync("cat", [$"/proc/{process}/stat"], cancel));
    }

    public async ValueTask DisposeAsync()
    {
        _controller?.Dispose();
        await Emulator.DisposeAsync();
        await Cluster.DisposeAsync();
        _neighbours.Dispose();
        _parent.Delete(recursive: true);
    }

    private async Task<T> AskAsync<T>(Func<BurstService, Task<T>> question)
    {
        await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = Folder, Providers = [] });
        return await question(site.Bursts);
    }

    private async Task RunAsync(params string[] arguments)
    {
        using var process = EndToEnd.Tests.SiteProcess.Start(EndToEnd.Tests.SiteProcess.KeysOf(Emulator), arguments);
        var (code, output, error) = await process.WaitAsync();
        if (code != 0) throw new InvalidOperationException($"{arguments[0]} ended with {code}: {output}{error}");
    }
}
