using StratusLab.Core;
using StratusLab.Kvm;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;

namespace StratusLab.Conformance.Tests;

/// <summary>A real libvirt host with real guests, looked at with virsh.</summary>
public sealed class KvmHostUnderTest : HostUnderTest
{
    private LibvirtHost? _libvirt;
    private MicroImage? _image;

    public override ImageContent Image => Ready(_image);

    public override string UnmanagedName => "foreign";

    public override string Uri => Libvirt.Uri;

    public override string UnreachableUri => LibvirtHost.UriFor(Path.Combine(Libvirt.Folder, "nobody"));

    public override IReadOnlyList<string> WrongUris { get; } =
        ["qemu:system", "qemu+carrier-pigeon:///system", "not a URI", "qemu+tcp://host:99999/system", "qemu+ssh://[fe80::/system"];

    public override IComputeProviderFactory Factory { get; } = new KvmProviderFactory();

    public override HostDefinition Definition => base.Definition with { Accelerator = Accelerator.Tcg, DecidedAccelerator = Accelerator.Tcg };

    private LibvirtHost Libvirt => Ready(_libvirt);

    public override async Task<string> FootprintAsync()
    {
        var domains = await Libvirt.VirshAsync("list", "--all", "--uuid");
        var volumes = await Libvirt.VirshAsync("vol-list", "default");
        var names = volumes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(Directory.EnumerateFiles(Libvirt.PoolFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // When an image was used last is noted beside it, and stays for as long as the image.
        return $"{domains.Trim()}\n{string.Join('\n', names.Where(name => !name!.Contains(".used", StringComparison.Ordinal)))}";
    }

    public override async Task<string> DescribeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var threads = await Libvirt.RunAsync("ps", ["-eLo", "pid,stat,wchan:24,comm"], limit.Token);
        var log = await File.ReadAllLinesAsync(Libvirt.DaemonLog, limit.Token);
        return $"{threads}\n{string.Join('\n', log.TakeLast(20))}";
    }

    public override async Task LeaveHalfMadeAsync(VmRequest request)
    {
        await using var provider = Connect();
        await foreach (var outcome in provider.CreateAsync([request]))
        {
            if (outcome.Error is not null) throw outcome.Error;
            await Libvirt.VirshAsync("destroy", outcome.Id!.Value.Key);
            await Libvirt.VirshAsync("undefine", "--nvram", outcome.Id!.Value.Key);
        }
    }

    public override async Task InitializeAsync()
    {
        // Where something is missing, the tests are skipped with that reason.
        if (Requirement.WhyNot(Need.LibvirtHost) is not null || Requirement.WhyNot(Need.MicroGuest) is not null) return;
        _image = await MicroImage.LoadAsync();
        _libvirt = await LibvirtHost.StartAsync();
        await using var provider = Connect();
        await ((IImageHost)provider).EnsureImageAsync(_image);
        await DefineForeignAsync();
    }

    public override async Task DisposeAsync()
    {
        if (_libvirt is not null) await _libvirt.DisposeAsync();
    }

    private static T Ready<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("The host has not been started.");

    private async Task DefineForeignAsync()
    {
        var xml = Path.Combine(Libvirt.Folder, "foreign.xml");
        await File.WriteAllTextAsync(
            xml, $"<domain type='qemu'><name>{UnmanagedName}</name><memory unit='MiB'>32</memory><os><type arch='x86_64'>hvm</type></os></domain>");
        await Libvirt.VirshAsync("define", xml);
    }
}
