using StratusLab.Core;
using StratusLab.Sim;

namespace StratusLab.Sdk.Tests;

/// <summary>A site in a folder of its own, with simulated hosts.</summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    private TestSite(StratusSite site, SimProviderFactory provider, bool ownsFolder)
    {
        Site = site;
        Provider = provider;
        _ownsFolder = ownsFolder;
    }

    public StratusSite Site { get; }

    public SimProviderFactory Provider { get; }

    internal static async Task<TestSite> OpenAsync(string? folder = null, SimProviderFactory? provider = null, TimeProvider? clock = null, string? database = null, SessionPace? pace = null)
    {
        provider ??= new SimProviderFactory();
        var site = await StratusSite.OpenAsync(new SiteOptions { Folder = folder ?? NewFolder(), Database = database, Providers = [provider], Owner = "tester@lab", Clock = clock ?? TimeProvider.System, Pace = pace ?? SessionPace.Default });
        return new TestSite(site, provider, folder is null);
    }

    public static string NewFolder() => Path.Combine(Directory.CreateTempSubdirectory("stratus-").FullName, "site");

    /// <summary>Adds simulated hosts node1, node2, … that are all alike.</summary>
    public async Task AddHostsAsync(int count, string query = "cpu=16&memory=64GB")
    {
        for (var i = 1; i <= count; i++) await Site.Hosts.AddAsync(new HostDefinition { Name = $"node{i}", Uri = UriOf(i, query) });
    }

    public SimFaults FaultsOf(int host) => Provider.FaultsOf(UriOf(host, string.Empty));

    /// <summary>Publishes a small raw disk as <c>tiny:latest</c>.</summary>
    public async Task<StratusImage> PublishAsync(string name = "tiny", int megabytes = 1)
    {
        var path = Path.Combine(Path.GetDirectoryName(Site.Folder)!, $"{name}.raw");
        TestDisk.WriteRaw(path, megabytes, seed: name.Length);
        return await Site.Images.PublishAsync(new ImagePublication { Path = path, Name = name, DefaultUser = "root" });
    }

    public async Task<List<VmOutcome>> CreateAsync(string name, int? count, Func<VmSpecification, VmSpecification>? change = null)
    {
        var specification = new VmSpecification { Image = "tiny", Names = VmNaming.Expand(name, count), Size = "tiny" };
        var plan = await Site.Vms.PlanAsync(change?.Invoke(specification) ?? specification);
        Assert.Empty(plan.Refused);
        return await Site.Vms.CreateAsync(plan.Vms).ToListAsync();
    }

    public async Task<List<VirtualMachine>> ListAsync(params string[] names) =>
        await Site.Vms.ListAsync(new VmFilter { Names = names }).OrderBy(v => v.Name, StringComparer.Ordinal).ToListAsync();

    public async Task<List<JournalEntry>> OpenEntriesAsync() => await Site.Journal.ListAsync(openOnly: true).ToListAsync();

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        if (_ownsFolder) Directory.Delete(Path.GetDirectoryName(Site.Folder)!, recursive: true);
    }

    private static string UriOf(int host, string query) => $"sim://box{host}{(query.Length > 0 ? "?" + query : string.Empty)}";
}
