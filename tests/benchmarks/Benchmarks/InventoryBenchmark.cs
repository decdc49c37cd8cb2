using System.Diagnostics;
using StratusLab.Core;
using StratusLab.Kvm;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using StratusLab.Rig;

namespace StratusLab.Benchmarks;

/// <summary>
/// Name, state, CPU, memory, addresses and our metadata of 1,000 domains, against what a script does with libvirt's own binding: list, then
/// info and XML of each. Both over a connection that is open and warm.
/// </summary>
internal sealed class InventoryBenchmark(string name, double limit, TimeSpan roundTrip, int rounds)
    : Benchmark(name, limit, Need.LibvirtHost, Need.PythonLibvirt)
{
    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        await using var host = await LibvirtHost.StartAsync(cancel: cancel);
        await using var proxy = new LibvirtProxy(host.Socket, Path.Combine(host.Folder, "bench.sock"), roundTrip);
        var uri = await ThousandDomains.WriteAsync(host, cancel);
        if (roundTrip > TimeSpan.Zero) uri = ThousandDomains.Through(uri, host, proxy);

        await using var provider = new KvmProviderFactory().Create(new HostDefinition { Name = "bench", Uri = uri }, new MemoryCallJournal());
        await using var peer = new LinePeer("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "inventory.py"), uri]);
        var (ours, theirs) = await Interleaved.MediansAsync(rounds, () => OursAsync(provider, cancel), () => PeerAsync(peer, cancel));
        return BenchmarkResult.OfTimes(ours, theirs);
    }

    private static async Task<TimeSpan> OursAsync(IComputeProvider provider, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var complete = 0;
        await foreach (var vm in provider.ListAsync(VmQuery.Managed, cancel))
        {
            if (vm is { Cpu: > 0, Memory.Bytes: > 0, Owner.Length: > 0, Labels.Count: > 0 }) complete++;
        }

        var time = watch.Elapsed;
        ThousandDomains.Check(complete);
        return time;
    }

    private static async Task<TimeSpan> PeerAsync(LinePeer peer, CancellationToken cancel)
    {
        var (time, seen) = await peer.AskAsync(cancel);
        ThousandDomains.Check(seen);
        return time;
    }
}
