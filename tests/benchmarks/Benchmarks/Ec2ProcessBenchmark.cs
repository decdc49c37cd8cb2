using System.Diagnostics;
using System.Globalization;
using StratusLab.Rig.Requirements;

namespace StratusLab.Benchmarks;

/// <summary>1,000 instances listed by a process that starts for it, from its start to its end.</summary>
/// <param name="peer">The program of the peer and its arguments, after which the endpoint follows.</param>
internal sealed class Ec2ProcessBenchmark(string name, double limit, Need need, params string[] peer) : Benchmark(name, limit, need)
{
    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        await using var region = await RecordedRegion.StartAsync(cancel);
        string[] theirs = [.. peer, region.Endpoint], ours = [Environment.ProcessPath!, ChildProcess.Marker, Ec2Listing.Work, region.Endpoint];
        var (our, their) = await Interleaved.MediansAsync(9, () => TimeAsync(ours, isCount: true, cancel), () => TimeAsync(theirs, isCount: peer[0].EndsWith("python3", StringComparison.Ordinal), cancel));
        return BenchmarkResult.OfTimes(our, their);
    }

    private static async Task<TimeSpan> TimeAsync(string[] command, bool isCount, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (key, value) in RecordedRegion.Environment) start.Environment[key] = value;
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        var time = Stopwatch.GetElapsedTime(begin);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {output}");
        RecordedRegion.Check(isCount ? int.Parse(output, CultureInfo.InvariantCulture) : output.Split("\"InstanceId\"").Length - 1);
        return time;
    }
}
