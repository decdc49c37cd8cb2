using FsCheck;
using FsCheck.Fluent;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class BurstPropertyTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Planner_that_was_told_step_by_step_decides_as_on_a_whole_snapshot() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var nodes = Queue.Nodes(random.Next(1, 20));
        var policy = BurstPolicy.Presets[random.Next(3)] with { MaxNodes = random.Next(1, 12) };
        var shares = random.Next(2) == 0;
        var planner = new BurstPlanner(policy, nodes);
        var jobs = new Dictionary<string, BatchJob>();
        for (var step = 0; step < 60; step++)
        {
            var taken = jobs.Values.SelectMany(j => j.Nodes).ToHashSet();
            var job = Queue.Random(random, random.Next(30), new Queue<string>(nodes.Select(n => n.Name).Where(n => !taken.Contains(n))), shares);
            if (random.Next(3) == 0)
            {
                planner.Remove(job.Id);
                jobs.Remove(job.Id);
            }
            else
            {
                planner.Set(job);
                jobs[job.Id] = job;
            }
        }

        var state = RandomState(random);
        var told = planner.Decide(Queue.Now, state);
        var whole = Queue.Decide(policy, nodes, state, jobs.Values.OrderBy(_ => random.Next()));
        return Text(told) == Text(whole) && Text(planner.Decide(Queue.Now, state)) == Text(told);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reserved_money_and_nodes_stay_within_their_bounds_and_jobs_get_all_their_nodes() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var nodes = Queue.Nodes(4);
        var policy = BurstPolicy.Presets[random.Next(3)] with { MaxNodes = random.Next(1, 30) };
        var state = RandomState(random) with { Offers = [Queue.Offer()] };
        var cap = random.Next(1, 60);
        state = state.WithBudget(cap, random.Next(0, cap));
        var jobs = Enumerable.Range(0, 40).Select(i => Queue.Random(random, i, new Queue<string>(), shares: false)).Append(Queue.Runs("r", 9, "n1", "n2", "n3", "n4"));
        var decisions = Queue.Decide(policy, nodes, state, jobs);

        var budget = state.Budget!;
        List<double> days = [.. budget.Reserved.Select(r => (double)r)];
        foreach (var allow in decisions.Where(d => d.Kind == BurstDecisionKind.AllowOnBurst))
        {
            var launched = decisions.Where(d => d.Kind == BurstDecisionKind.Launch && d.JobId == allow.JobId).Sum(d => d.NodeCount);
            if (launched + allow.WarmNodes.Count != allow.NodeCount) return false;
            foreach (var name in allow.WarmNodes)
            {
                var node = state.Nodes.Single(n => n.Name == name);
                BurstBudget.Spread(days, budget.DayStart, node.CommittedUntil < Queue.Now ? Queue.Now : node.CommittedUntil, allow.CommittedUntil!.Value, 1);
            }

            BurstBudget.Spread(days, budget.DayStart, Queue.Now, allow.CommittedUntil!.Value, launched);
        }

        var warm = decisions.SelectMany(d => d.WarmNodes).ToList();
        var alive = state.Nodes.Count + decisions.Where(d => d.Kind == BurstDecisionKind.Launch).Sum(d => d.NodeCount);
        var wasOver = (double)budget.Committed > cap;
        return warm.Distinct().Count() == warm.Count
            && (alive <= policy.MaxNodes || alive == state.Nodes.Count)
            && (wasOver || days.Index().All(d => d.Item + (d.Index == 0 ? (double)budget.Spent : 0) <= cap + 1e-5));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Planned_jobs_never_share_a_cpu_and_the_first_is_never_delayed() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var local = new LocalNodes([.. Queue.Nodes(random.Next(2, 8)), .. Queue.Nodes(2, cpu: 8).Select(n => n with { Name = $"big-{n.Name}" })]);
        var names = new Queue<string>(local.All.Select(n => n.Name));
        var planned = Enumerable.Range(0, 30).Select(i => new PlannedJob(Queue.Random(random, i, names, shares: true), local)).ToList();
        var running = planned.Where(p => p.Runs).Order(Comparer<PlannedJob>.Create(PlannedJob.CompareEnds)).ToList();
        var pending = planned.Where(p => !p.Runs && p.CandidateNodes >= p.Nodes).Order().ToList();
        var profile = new SharedNodeProfile(local);
        var now = Queue.Now.ToUnixTimeMilliseconds();
        profile.Reset(now, running);

        var uses = running.SelectMany(r => r.Job.Nodes.Select(n => (Node: n, From: now, Until: Math.Max(r.ExpectedEnd, now + 60_000), r.Job))).ToList();
        long? first = null;
        foreach (var job in pending)
        {
            var start = profile.FindStart(job);
            first ??= start;
            if (start == LocalProfile.Never || profile.Chosen.Distinct().Count() != job.Nodes) return false;
            uses.AddRange(profile.Chosen.Select(n => (local.All[n].Name, start, start + job.Limit, job.Job)));
            profile.Reserve(job);
        }

        foreach (var node in local.All)
        {
            var here = uses.Where(u => u.Node == node.Name).ToList();
            foreach (var moment in here.Select(u => u.From).Distinct())
            {
                var at = here.Where(u => u.From <= moment && moment < u.Until).ToList();
                if (at.Count > 1 && at.Any(u => u.Job.IsExclusive)) return false;
                if (at.Count > 1 && (at.Sum(u => u.Job.CpuPerNode) > node.Cpu || at.Sum(u => u.Job.MemoryPerNode.Bytes) > node.Memory.Bytes)) return false;
            }
        }

        // Alone, the first could not have started earlier.
        if (pending.Count == 0) return true;
        profile.Reset(now, running);
        return profile.FindStart(pending[0]) == first;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whole_nodes_are_planned_alike_by_number_and_by_name() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var local = new LocalNodes(Queue.Nodes(random.Next(4, 12)));
        var names = new Queue<string>(local.All.Select(n => n.Name));
        var planned = Enumerable.Range(0, 25).Select(i => new PlannedJob(Queue.Random(random, i, names, shares: false), local)).ToList();
        var running = planned.Where(p => p.Runs).Order(Comparer<PlannedJob>.Create(PlannedJob.CompareEnds)).ToList();
        LocalProfile[] profiles = [new WholeNodeProfile(local.All.Count), new SharedNodeProfile(local)];
        var starts = profiles.Select(profile =>
        {
            profile.Reset(Queue.Now.ToUnixTimeMilliseconds(), running);
            return planned.Where(p => !p.Runs).Order().Select(job =>
            {
                var start = profile.FindStart(job);
                profile.Reserve(job);
                return start;
            }).ToList();
        }).ToList();

        // Which nodes a job gets may differ, and with it what fits later; the first that must wait starts at the same time.
        var wait = starts[0].FindIndex(s => s > Queue.Now.ToUnixTimeMilliseconds());
        return wait < 0 || starts[0].Take(wait + 1).SequenceEqual(starts[1].Take(wait + 1));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Backfill_never_delays_the_first_job_of_the_queue() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var cluster = new LocalCluster([.. Enumerable.Range(0, 16).Select(i => $"n{i}")]);
        SimulatedJob Job(int i) => new(
            new WorkloadJob { Id = $"{i}", SubmittedAt = Queue.Now, RunTime = TimeSpan.FromSeconds(1), Processors = 1 }, random.Next(1, 12), 0, 1000, 1000 * random.Next(1, 5000));
        List<SimulatedJob> started = [], queue = [.. Enumerable.Range(0, 20).Select(Job)];
        var order = queue.ToList();
        cluster.Schedule(queue, 0, started.Add);
        if (queue.Count == 0) return true;

        var first = queue[0];
        var before = started.TakeWhile(j => order.IndexOf(j) < order.IndexOf(first)).ToList();
        return started.SelectMany(j => j.NodeNames).Distinct().Count() == started.Sum(j => j.Nodes) && FreeAt(started, first.Nodes) <= FreeAt(before, first.Nodes);

        static long FreeAt(List<SimulatedJob> running, int nodes)
        {
            var free = 16 - running.Sum(j => j.Nodes);
            foreach (var job in running.OrderBy(j => j.ExpectedEnd))
            {
                if (free >= nodes) return 0;
                free += job.Nodes;
                if (free >= nodes) return job.ExpectedEnd;
            }

            return 0;
        }
    }).QuickCheckThrowOnFailure();

    private static string Text(IEnumerable<BurstDecision> decisions) =>
        string.Join('\n', decisions.Select(d => $"{d.Kind} {d.ReasonCode} {d.JobId} {d.Node} {d.NodeClass} {d.Market} {d.NodeCount} {d.PredictedWait} {d.EstimatedCost} {d.CommittedUntil} {string.Join(',', d.WarmNodes)} {d.Reason}"));

    private static BurstState RandomState(Random random) => new()
    {
        Offers = [Queue.Offer("a", 1), Queue.Offer("b", 0.5m, cpu: 2), Queue.Offer("c", 2, cpu: 8)],
        Nodes = [.. Enumerable.Range(0, random.Next(6)).Select(i => Queue.Idle($"b{i}", random.Next(200)))],
        Budget = random.Next(2) == 0 ? null : BurstBudget.At(random.Next(1, 200), Queue.Now, random.Next(0, 50), [], []),
    };
}
