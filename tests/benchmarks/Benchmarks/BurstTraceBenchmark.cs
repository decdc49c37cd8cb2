using System.Diagnostics;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.Benchmarks;

/// <summary>A generated trace of 300,000 jobs, made and replayed under the default policy with a budget; 30 s and 500 MB are allowed, and the worse of both counts.</summary>
internal sealed class BurstTraceBenchmark() : Benchmark("burst-trace", limit: 1)
{
    private const long AllowedMemory = 500 << 20;
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(30);

    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        var before = await ResidentMemory.ResetPeakAsync();
        var clock = Stopwatch.StartNew();
        var trace = new WorkloadGenerator { JobCount = 300_000, MaxProcessors = 256, Load = 0.85, Seed = 11 }.Generate();
        var result = BurstSimulation.Run(trace, BurstPolicy.PredictedWait with { MaxNodes = 256, DailyBudget = 800 }, new SimulationOptions(), cancel);
        var elapsed = clock.Elapsed;
        if (result.JobCount + result.RefusedCount != trace.Jobs.Count || result.Overshoot > 0) throw new InvalidOperationException(result.ToString());
        var memory = await ResidentMemory.PeakAsync() - before;
        return new BenchmarkResult(
            Math.Max(elapsed / Allowed, (double)memory / AllowedMemory),
            $"{BenchmarkResult.Text(elapsed)}/{new ByteSize(memory)}",
            $"{BenchmarkResult.Text(Allowed)}/{new ByteSize(AllowedMemory)}");
    }
}
