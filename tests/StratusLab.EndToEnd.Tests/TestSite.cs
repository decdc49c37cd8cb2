using StratusLab.Core;
using StratusLab.Kvm;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using Xunit;
using StratusLab.Sdk;

namespace StratusLab.EndToEnd.Tests;

/// <summary>A site in a folder of its own, removed with it.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private readonly TimeProvider _clock;

    private TestSite(DirectoryInfo folder, StratusSite site, TimeProvider clock) => (_folder, Site, _clock) = (folder, site, clock);

    public StratusSite Site { get; private set; }

    public string Folder => _folder.FullName;

    public static Task<TestSite> OpenAsync(params string[] uris) => OpenAsync(TimeProvider.System, uris);

    public static async Task<TestSite> OpenAsync(TimeProvider clock, params string[] uris)
    {
        var folder = Directory.CreateTempSubdirectory("stratus-e2e-");
        var test = new TestSite(folder, await OpenFolderAsync(folder.FullName, clock), clock);
        for (var i = 0; i < uris.Length; i++)
        {
            await test.Site.Hosts.AddAsync(new HostDefinition
            {
                Name = $"host{i + 1}",
                Uri = uris[i],
                Accelerator = Accelerator.Tcg,
                CpuOvercommit = 32,
            });
        }

        return test;
    }

    private static Task<StratusSite> OpenFolderAsync(string folder, TimeProvider clock) =>
        StratusSite.OpenAsync(new SiteOptions { Folder = folder, Providers = [new KvmProviderFactory()], Clock = clock });

    public async Task<StratusImage> PublishMicroAsync(DateTimeOffset? validUntil = null) =>
        await Site.Images.PublishAsync(new ImagePublication { Path = await GuestImages.MicroAsync(), Name = "micro", Version = "1", ValidUntil = validUntil });

    /// <summary>The same site as another administrator has it open.</summary>
    public Task<StratusSite> OpenAgainAsync() => OpenFolderAsync(Folder, _clock);

    /// <summary>Lets go of the site, so that another process can be the only one, or a fresh one be opened.</summary>
    public async Task ReopenAsync()
    {
        await Site.DisposeAsync();
        Site = await OpenFolderAsync(Folder, _clock);
    }

    public async Task<List<VirtualMachine>> CreateAsync(VmSpecification specification)
    {
        var plan = await Site.Vms.PlanAsync(specification);
        Assert.Empty(plan.Refused);
        var vms = new List<VirtualMachine>();
        await foreach (var outcome in Site.Vms.CreateAsync(plan.Vms)) vms.Add(Succeeded(outcome));
        return vms;
    }

    public async Task<List<VirtualMachine>> ListAsync(params string[] names)
    {
        var vms = new List<VirtualMachine>();
        await foreach (var vm in Site.Vms.ListAsync(new VmFilter { Names = names })) vms.Add(vm);
        return vms;
    }

    public async Task RemoveAsync(IEnumerable<VirtualMachine> vms)
    {
        var options = new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero };
        await foreach (var outcome in Site.Vms.RemoveAsync([.. vms.Select(vm => vm.Id)], options)) Assert.Null(outcome.Error);
    }

    public async Task<int> CountOpenIntentsAsync()
    {
        var open = 0;
        await foreach (var _ in Site.Journal.ListAsync(openOnly: true)) open++;
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed must not make the next one fail on the same hosts.
        var left = new List<VmId>();
        await foreach (var vm in Site.Vms.ListAsync(new VmFilter { WithAddresses = false }, _ => { })) left.Add(vm.Id);
        if (left.Count > 0)
        {
            await foreach (var _ in Site.Vms.RemoveAsync(left, new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }))
            {
                // What became of each was the test's own matter.
            }
        }

        await Site.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public static VirtualMachine Succeeded(VmOutcome outcome)
    {
        Assert.Null(outcome.Error);
        return outcome.Vm ?? throw new InvalidOperationException($"{outcome.Id} has neither a VM nor an error.");
    }

    /// <summary>What virsh, which is not ours, sees of VMs on a host: domains and volumes that are not base images.</summary>
    public static async Task<(string[] Domains, string[] Volumes)> LeftOnAsync(LibvirtHost host) =>
        (Lines(await host.VirshAsync("list", "--all", "--name")), [.. (await VolumesAsync(host)).Where(name => !IsImage(name))]);

    /// <summary>Takes the base images from a host behind our back, as for a host that never saw them.</summary>
    public static async Task ForgetImagesAsync(LibvirtHost host)
    {
        foreach (var image in (await VolumesAsync(host)).Where(IsImage)) await host.VirshAsync("vol-delete", image, "default");
    }

    private static bool IsImage(string volume) => volume.StartsWith("stratus-image-", StringComparison.Ordinal);

    private static async Task<IEnumerable<string>> VolumesAsync(LibvirtHost host)
    {
        await host.VirshAsync("pool-refresh", "default");
        return Lines(await host.VirshAsync("vol-list", "default")).Select(line => line.Split(' ', 2)[0]);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
