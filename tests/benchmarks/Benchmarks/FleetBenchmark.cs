using System.Diagnostics;
using StratusLab.Core;
using StratusLab.Kvm;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Rig;

namespace StratusLab.Benchmarks;

/// <summary>
/// 20 VMs from an image that is on the host to running, with overlay, seed, metadata and definition, against what a shell does there.
/// Both on one host, emulated, with what was made removed between the rounds, off the clock.
/// </summary>
internal sealed class FleetBenchmark(string name, double limit, Func<ShellFleet, CancellationToken, Task<TimeSpan>> peer, int rounds)
    : Benchmark(name, limit, Need.LibvirtHost, Need.MicroGuest)
{
    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        var image = await MicroImage.LoadAsync(cancel);
        await using var host = await LibvirtHost.StartAsync(cancel: cancel);
        var definition = new HostDefinition { Name = "bench", Uri = host.Uri, Accelerator = Accelerator.Tcg, DecidedAccelerator = Accelerator.Tcg };
        await using var provider = new KvmProviderFactory().Create(definition, new MemoryCallJournal());
        await ((IImageHost)provider).EnsureImageAsync(image, cancellationToken: cancel);
        var shell = ShellFleet.Prepare(host, image);

        var (ours, theirs) = await Interleaved.MediansAsync(rounds, () => OursAsync(provider, image, cancel), () => peer(shell, cancel));
        return BenchmarkResult.OfTimes(ours, theirs);
    }

    private static async Task<TimeSpan> OursAsync(IComputeProvider provider, MicroImage image, CancellationToken cancel)
    {
        var batch = Enumerable.Range(1, ShellFleet.Size).Select(number => Request(number, image)).ToList();
        List<VmId> made = [];
        var watch = Stopwatch.StartNew();
        await foreach (var outcome in provider.CreateAsync(batch, cancel))
        {
            if (outcome is not { Vm.State: VmState.Running }) throw outcome.Error ?? new StratusException("NotRunning", StratusErrorKind.Failed, "A VM does not run.");
            made.Add(outcome.Id!.Value);
        }

        var time = watch.Elapsed;
        if (made.Count != ShellFleet.Size) throw new InvalidOperationException($"{made.Count} of {ShellFleet.Size} VMs were made.");
        await foreach (var outcome in provider.DeleteAsync(made, new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }, cancel))
        {
            if (outcome.Error is not null) throw outcome.Error;
        }

        return time;
    }

    private static VmRequest Request(int number, MicroImage image) => new()
    {
        RequestId = Guid.NewGuid(),
        Name = $"ours-{number}",
        Image = image.Descriptor,
        Cpu = 1,
        Memory = ByteSize.FromMiB(128),
        Owner = "bench",
        Site = "bench",
        CreatedAt = DateTimeOffset.UtcNow,
    };
}
