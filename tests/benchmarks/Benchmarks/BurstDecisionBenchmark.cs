using System.Diagnostics;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.Benchmarks;

/// <summary>One round of decisions, each explained, on 10,000 jobs that wait for 1,000 nodes; a second is allowed.</summary>
internal sealed class BurstDecisionBenchmark() : Benchmark("burst-decisions", limit: 1)
{
    private const int Jobs = 10_000;
    private const int NodeCount = 1_000;
    private const int Rounds = 5;
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);

    public override Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        var now = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        var snapshot = Snapshot(now);
        var policy = BurstPolicy.PredictedWait with { PlanDepth = Jobs, MaxNodes = 500, DailyBudget = 20_000 };
        var state = new BurstState { Offers = [new BurstOffer { NodeClass = "burst", Cpu = 64, PricePerHour = 1 }], Budget = BurstBudget.At(20_000, now, 0, [], []) };
        List<TimeSpan> times = [];
        for (var round = 0; round <= Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            var decisions = BurstPlanner.Decide(policy, snapshot, state, now);
            if (decisions.Count(d => d.JobId is not null && d.Kind != BurstDecisionKind.Launch) != Jobs) throw new InvalidOperationException("Not every job was decided on.");
            if (round > 0) times.Add(clock.Elapsed);
        }

        return Task.FromResult(BenchmarkResult.OfTimes(times.Order().ElementAt(Rounds / 2), Allowed));
    }

    private static BatchSnapshot Snapshot(DateTimeOffset now)
    {
        var random = new Random(3);
        string[] names = [.. Enumerable.Range(1, NodeCount).Select(i => $"n{i}")];
        List<BatchJob> jobs = [];
        for (var at = 0; at < NodeCount;)
        {
            var width = Math.Min(NodeCount - at, random.Next(1, 40));
            jobs.Add(Job(jobs.Count, width, 24) with { State = BatchJobState.Running, StartedAt = now.AddHours(-random.NextDouble() * 20), Nodes = names[at..(at + width)] });
            at += width;
        }

        for (var i = 0; i < Jobs; i++) jobs.Add(Job(jobs.Count, random.Next(1, 64), random.Next(1, 24)) with { SubmittedAt = now.AddSeconds(-random.Next(1, 50_000)) });
        return new BatchSnapshot(now, jobs, [.. names.Select(name => new BatchNode { Name = name, State = BatchNodeState.Allocated, Cpu = 64 })]);
    }

    private static BatchJob Job(int id, int nodes, int hours) =>
        new() { Id = $"{id}", State = BatchJobState.Pending, NodeCount = nodes, CpuPerNode = 64, IsExclusive = true, TimeLimit = TimeSpan.FromHours(hours) };
}
