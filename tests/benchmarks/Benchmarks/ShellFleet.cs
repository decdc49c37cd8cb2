using System.Diagnostics;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;

namespace StratusLab.Benchmarks;

/// <summary>The peer of fleets: qemu-img and virsh in a shell on the host itself.</summary>
internal sealed class ShellFleet
{
    public const int Size = 20;

    // As the host sees it; and as the tests do, LibvirtHost.PoolFolder.
    private const string Folder = "/var/lib/libvirt/images";
    private readonly LibvirtHost _host;

    private ShellFleet(LibvirtHost host) => _host = host;

    public static ShellFleet Prepare(LibvirtHost host, MicroImage image)
    {
        File.Copy(image.Path, Path.Combine(host.PoolFolder, "bench-base.qcow2"));
        return new ShellFleet(host);
    }

    /// <summary>Times 20 VMs made and started one after the other.</summary>
    public static async Task<TimeSpan> CreateAsync(ShellFleet fleet, CancellationToken cancel)
    {
        var time = await fleet.TimeAsync("create", cancel);
        await fleet.TimeAsync("remove", cancel);
        return time;
    }

    /// <summary>Times the start, all at once, of 20 VMs that are there.</summary>
    public static async Task<TimeSpan> StartAsync(ShellFleet fleet, CancellationToken cancel)
    {
        await fleet.TimeAsync("define", cancel);
        var time = await fleet.TimeAsync("start", cancel);
        await fleet.TimeAsync("remove", cancel);
        return time;
    }

    private async Task<TimeSpan> TimeAsync(string action, CancellationToken cancel)
    {
        var peers = Path.Combine(AppContext.BaseDirectory, "Peers");
        var watch = Stopwatch.StartNew();
        await _host.RunAsync("bash", [Path.Combine(peers, "fleet.sh"), action, Folder, Path.Combine(peers, "domain.xml")], cancel);
        return watch.Elapsed;
    }
}
