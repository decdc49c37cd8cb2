using StratusLab.Core;
using StratusLab.Kvm;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Rig;

namespace StratusLab.Benchmarks;

/// <summary>What sending a 2 GiB image to a host adds at its peak to a process that is connected; 60 MB are allowed.</summary>
internal sealed class UploadMemoryBenchmark() : Benchmark(Work, limit: 1, Need.LibvirtHost)
{
    public const string Work = "memory-upload";
    private const long Allowed = 60 << 20;

    public static async Task<long> MeasureAsync(string uri)
    {
        var image = await SyntheticImage.MakeAsync(2L << 30);
        await using var provider = new KvmProviderFactory().Create(new HostDefinition { Name = "bench", Uri = uri, DecidedAccelerator = Accelerator.Tcg }, new MemoryCallJournal());
        var images = (IImageHost)provider;
        await foreach (var present in images.ListImagesAsync()) throw new InvalidOperationException(present.DiskDigest);
        var before = await ResidentMemory.ResetPeakAsync();
        var sent = await images.EnsureImageAsync(image);
        var peak = await ResidentMemory.PeakAsync();
        if (!sent.WasSent || sent.Length.Bytes < image.Descriptor.DiskLength) throw new InvalidOperationException($"{sent.Length} were sent.");
        return peak - before;
    }

    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        await using var host = await LibvirtHost.StartAsync(cancel: cancel);
        var added = await ChildProcess.RunAsync(cancel, Work, host.Uri);
        return new BenchmarkResult((double)added / Allowed, new ByteSize(added).ToString(), new ByteSize(Allowed).ToString());
    }
}
