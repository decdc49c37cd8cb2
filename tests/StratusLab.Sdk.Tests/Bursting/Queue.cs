using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>Queues, nodes and offers for tests, in few words.</summary>
internal static class Queue
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<BatchNode> Nodes(int count, int cpu = 4, int memoryGiB = 16) =>
        [.. Enumerable.Range(1, count).Select(i => new BatchNode { Name = $"n{i}", State = BatchNodeState.Idle, Cpu = cpu, Memory = ByteSize.FromGiB(memoryGiB) })];

    public static BatchJob Waits(string id, int nodes = 1, double hours = 1, double waitedSeconds = 0) => new()
    {
        Id = id,
        State = BatchJobState.Pending,
        NodeCount = nodes,
        IsExclusive = true,
        SubmittedAt = Now.AddSeconds(-waitedSeconds),
        TimeLimit = TimeSpan.FromHours(hours),
    };

    public static BatchJob Runs(string id, double hoursLeft, params string[] nodes) => new()
    {
        Id = id,
        State = BatchJobState.Running,
        NodeCount = nodes.Length,
        IsExclusive = true,
        Nodes = nodes,
        SubmittedAt = Now.AddHours(-2),
        StartedAt = Now.AddHours(-1),
        TimeLimit = TimeSpan.FromHours(1 + hoursLeft),
    };

    public static BurstOffer Offer(string nodeClass = "c", decimal price = 1, int cpu = 4, VmMarket market = VmMarket.OnDemand) =>
        new() { NodeClass = nodeClass, Cpu = cpu, Memory = ByteSize.FromGiB(16), PricePerHour = price, Market = market };

    public static BurstNode Idle(string name, double idleSeconds = 0, decimal price = 1, string nodeClass = "c") => new()
    {
        Name = name,
        NodeClass = nodeClass,
        PricePerHour = price,
        Phase = BurstNodePhase.Idle,
        LaunchedAt = Now.AddHours(-1),
        IdleSince = Now.AddSeconds(-idleSeconds),
        CommittedUntil = Now.AddSeconds(120 - idleSeconds),
    };

    public static BurstState State(params BurstOffer[] offers) => new() { Offers = offers.Length == 0 ? [Offer()] : offers };

    public static BurstState WithBudget(this BurstState state, decimal cap, decimal spent = 0) =>
        state with { Budget = BurstBudget.At(cap, Now, spent, state.Nodes, state.Grants) };

    public static IReadOnlyList<BurstDecision> Decide(BurstPolicy policy, IReadOnlyList<BatchNode> nodes, BurstState state, params IEnumerable<BatchJob> jobs) =>
        BurstPlanner.Decide(policy, new BatchSnapshot(Now, [.. jobs], nodes), state, Now);

    public static BurstDecision Of(this IReadOnlyList<BurstDecision> decisions, string jobId) =>
        decisions.Single(d => d.JobId == jobId && d.Kind != BurstDecisionKind.Launch);

    /// <summary>A random job that waits or runs on some of the nodes that are left.</summary>
    public static BatchJob Random(Random random, int id, Queue<string> freeNodes, bool shares)
    {
        var nodes = random.Next(1, 5);
        var job = Waits(id.ToString(CultureInfo.InvariantCulture), nodes, 0.1 + (random.NextDouble() * 8), random.Next(0, 4000)) with { Priority = random.Next(0, 3) };
        if (shares && random.Next(2) == 0) job = job with { IsExclusive = false, CpuPerNode = random.Next(1, 5), MemoryPerNode = ByteSize.FromGiB(random.Next(0, 9)) };
        if (freeNodes.Count < nodes || random.Next(3) > 0) return job;
        return job with { State = BatchJobState.Running, StartedAt = Now.AddHours(-random.NextDouble() * 8), Nodes = [.. Enumerable.Range(0, nodes).Select(_ => freeNodes.Dequeue())] };
    }
}
