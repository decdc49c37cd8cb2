using StratusLab.Core;
using StratusLab.Kvm;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Rig;

namespace StratusLab.Benchmarks;

/// <summary>What listing 1,000 VMs, all kept, adds at its peak to a process that is connected; 40 MB are allowed.</summary>
internal sealed class ListMemoryBenchmark() : Benchmark(Work, limit: 1, Need.LibvirtHost)
{
    public const string Work = "memory-list";
    private const long Allowed = 40 << 20;

    public static async Task<long> MeasureAsync(string uri)
    {
        await using var provider = new KvmProviderFactory().Create(new HostDefinition { Name = "bench", Uri = uri }, new MemoryCallJournal());
        await foreach (var vm in provider.ListAsync(new VmQuery { Names = ["none"] })) throw new InvalidOperationException(vm.Name);
        var before = await ResidentMemory.ResetPeakAsync();
        List<VirtualMachine> all = [];
        await foreach (var vm in provider.ListAsync(VmQuery.Managed)) all.Add(vm);
        var peak = await ResidentMemory.PeakAsync();
        ThousandDomains.Check(all.Count);
        return peak - before;
    }

    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        await using var host = await LibvirtHost.StartAsync(cancel: cancel);
        var added = await ChildProcess.RunAsync(cancel, Work, await ThousandDomains.WriteAsync(host, cancel));
        return new BenchmarkResult((double)added / Allowed, new ByteSize(added).ToString(), new ByteSize(Allowed).ToString());
    }
}
