using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>A cloud, a batch system and one site's folder, and controllers that come and go.</summary>
internal sealed class BurstWorld : IAsyncDisposable
{
    private static readonly Task<string> Template = MakeTemplateAsync();

    private readonly string _folder;
    private readonly string? _database;
    private readonly bool _asks;
    private StratusSite? _site;

    private BurstWorld(int seed, string folder, string? database, bool asks, decimal budget, decimal price, int localNodes, int nodeCount)
    {
        Faults = new BurstFaults(seed);
        Cloud = new BurstCloud(Faults, TimeSpan.FromSeconds(60)) { PricePerHour = price };
        var names = Enumerable.Range(1, nodeCount).Select(i => $"burst-{i:d3}").ToList();
        Queue = new BurstQueue(Faults, Cloud, localNodes, names, asks);
        _folder = folder;
        _database = database;
        _asks = asks;
        Definition = new BurstDefinition
        {
            Name = "peak",
            HostName = "cloud",
            Image = "tiny",
            Policy = BurstPolicy.PredictedWait with { DailyBudget = budget, MaxNodes = nodeCount, WaitThreshold = TimeSpan.FromSeconds(60), Tick = TimeSpan.FromSeconds(10) },
            Classes = [new BurstNodeClass { Name = "burst", Nodes = names, Cpu = 4, Memory = ByteSize.FromGiB(8), PricePerHour = price }],
        };
    }

    public BurstFaults Faults { get; }

    public BurstCloud Cloud { get; }

    public BurstQueue Queue { get; }

    public BurstDefinition Definition { get; set; }

    public BurstProcess Process { get; private set; } = new();

    public BurstController? Controller { get; private set; }

    public StratusSite Site => _site!;

    public int Crashes { get; private set; }

    public List<BurstTick> Ticks { get; } = [];

    public static async Task<BurstWorld> OpenAsync(int seed = 1, bool asks = false, decimal budget = 100, decimal price = 1, int localNodes = 4, int nodeCount = 8, CatalogueKind kind = CatalogueKind.Sqlite)
    {
        var folder = Path.Combine(NewFolder(), "site");
        Copy(new DirectoryInfo(await Template), folder);
        var world = new BurstWorld(seed, folder, await Catalogues.NewAsync(kind), asks, budget, price, localNodes, nodeCount);
        if (world._database is null) return world;
        await using var site = await world.OpenSiteAsync(new BurstProcess());
        await site.Hosts.AddAsync(new HostDefinition { Name = "cloud", Uri = "cloud://one" });
        return world;
    }

    public async Task<StratusSite> OpenSiteAsync(BurstProcess process, bool onAnotherMachine = false) => await StratusSite.OpenAsync(new SiteOptions
    {
        Folder = onAnotherMachine ? await CopyFolderAsync() : _folder,
        Database = _database,
        Providers = [new BurstCloudProvider(Cloud, Faults, process)],
        Owner = "tester@lab",
        Clock = new BurstClock(Faults, process),
    });

    public BurstOptions OptionsFor(BurstProcess process)
    {
        var client = new BurstQueueClient(Queue, Faults, process);
        return new BurstOptions { Definition = Definition, BatchSystem = client, Requests = _asks ? client : null };
    }

    /// <summary>One look of a controller, which is started if there is none. A crash ends it, and leaves its tenure to run out.</summary>
    public async Task TickAsync()
    {
        Queue.Step();
        try
        {
            await StartAsync();
            if (Controller is not null) Ticks.Add(await Controller.TickAsync());
        }
        catch (BurstProcess.SimulatedCrash)
        {
            await BuryAsync();
        }

        Faults.Now += Definition.Policy.Tick;
    }

    public async Task RunAsync(TimeSpan time)
    {
        for (var end = Faults.Now + time; Faults.Now < end;) await TickAsync();
    }

    /// <summary>Looks until something holds, for a while.</summary>
    public async Task UntilAsync(Func<bool> holds, TimeSpan? limit = null)
    {
        for (var end = Faults.Now + (limit ?? TimeSpan.FromHours(2)); !holds(); await TickAsync())
            Assert.True(Faults.Now < end, $"It does not come to hold. Last problems: {string.Join(" | ", Ticks.LastOrDefault()?.Problems ?? [])}; nodes: {string.Join(", ", (await NodesAsync()).Select(n => n.ToString()))}");
    }

    public async Task<List<BurstNodeRecord>> NodesAsync()
    {
        if (_site is null) await StartAsync();
        return await Site.Bursts.ListNodesAsync("peak").ToListAsync();
    }

    public async Task<BurstStatus> StatusAsync() => await Site.Bursts.ListAsync().SingleAsync();

    public async Task StopAsync(bool force)
    {
        await Site.Bursts.StopAsync("peak", force);
    }

    /// <summary>The next look starts a controller anew.</summary>
    public async Task ForgetAsync()
    {
        if (Controller is not null) await Controller.DisposeAsync();
        Controller = null;
    }

    public async Task BuryAsync()
    {
        Crashes++;
        Controller = null;
        if (_site is not null) await _site.DisposeAsync();
        _site = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    private async Task StartAsync()
    {
        if (Controller is not null) return;
        if (_site is null)
        {
            Process = new BurstProcess();
            _site = await OpenSiteAsync(Process, onAnotherMachine: _database is not null && Crashes > 0);
        }

        var options = OptionsFor(Process);
        try
        {
            var state = await _site.Bursts.ListAsync().FirstOrDefaultAsync();
            Controller = state is { State: BurstRunState.Stopped } ? await _site.Bursts.ResumeStopAsync(options) : await _site.Bursts.StartAsync(options);
        }
        catch (StratusException e) when (e.ErrorId == "BurstHeld")
        {
            // The one that crashed has it for a minute.
        }
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var root = NewFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        var faults = new BurstFaults(0);
        var process = new BurstProcess();
        var folder = Path.Combine(root, "site");
        await using var site = await StratusSite.OpenAsync(new SiteOptions
        {
            Folder = folder,
            Providers = [new BurstCloudProvider(new BurstCloud(faults, TimeSpan.Zero), faults, process)],
            Owner = "tester@lab",
            Clock = new BurstClock(faults, process),
        });
        await site.Hosts.AddAsync(new HostDefinition { Name = "cloud", Uri = "cloud://one" });
        var disk = Path.Combine(root, "tiny.raw");
        TestDisk.WriteRaw(disk, 1, seed: 4);
        await site.Images.PublishAsync(new ImagePublication { Path = disk, Name = "tiny", DefaultUser = "root" });
        return folder;
    }

    /// <summary>A folder of another machine, with the image but no catalogue and no sessions of this one.</summary>
    private async Task<string> CopyFolderAsync()
    {
        var folder = Path.Combine(Path.GetDirectoryName(_folder)!, $"machine-{Guid.NewGuid():N}");
        Copy(new DirectoryInfo(await Template), folder);
        return folder;
    }

    // Thousands of crashes are about the order of what was written, not about the disk.
    private static string NewFolder()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/dev/shm")) return Directory.CreateTempSubdirectory("stratus-burst-").FullName;
        return Directory.CreateDirectory(Path.Combine("/dev/shm", $"stratus-burst-{Guid.NewGuid():N}")).FullName;
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(to);
        else Directory.CreateDirectory(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in from.EnumerateFiles()) file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories()) Copy(folder, Path.Combine(to, folder.Name));
    }
}
