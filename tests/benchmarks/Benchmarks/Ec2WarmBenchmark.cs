using StratusLab.Rig.Requirements;

namespace StratusLab.Benchmarks;

/// <summary>1,000 instances listed by a process that has done so before, over a connection that is open, against boto3.</summary>
internal sealed class Ec2WarmBenchmark() : Benchmark("ec2-list-warm", limit: 0.2, Need.Boto3)
{
    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        await using var region = await RecordedRegion.StartAsync(cancel);
        await using var provider = Ec2Listing.Open(region.Endpoint);
        await using var peer = new LinePeer("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "instances.py"), region.Endpoint, "warm"]);
        // Tiered compilation has done its work after some dozen calls, as in a process that lives for a while.
        for (var i = 0; i < 40; i++) await Ec2Listing.TimeAsync(provider, cancel);
        var (ours, theirs) = await Interleaved.MediansAsync(15, () => Ec2Listing.TimeAsync(provider, cancel), () => PeerAsync(peer, cancel));
        return BenchmarkResult.OfTimes(ours, theirs);
    }

    private static async Task<TimeSpan> PeerAsync(LinePeer peer, CancellationToken cancel)
    {
        var (time, seen) = await peer.AskAsync(cancel);
        RecordedRegion.Check(seen);
        return time;
    }
}
