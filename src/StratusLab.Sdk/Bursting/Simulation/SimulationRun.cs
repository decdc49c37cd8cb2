using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>One workload under one policy, event by event.</summary>
internal sealed class SimulationRun
{
    private const string NodeClass = "simulated";
    private static readonly BurstPolicy Nothing = new() { Name = "None" };

    private readonly WorkloadTrace _trace;
    private readonly BurstPolicy? _policy;
    private readonly SimulationOptions _options;
    private readonly LocalCluster _local;
    private readonly SimulatedCloud _cloud;
    private readonly BurstPlanner? _planner;
    private readonly IReadOnlyList<BurstOffer> _offers;
    private readonly List<SimulatedJob> _queue = [];
    private readonly Dictionary<string, SimulatedJob> _granted = new(StringComparer.Ordinal);
    private readonly Dictionary<SimulatedJob, List<string>> _grantedNodes = [];
    private readonly PriorityQueue<SimulationEvent, (long At, long Order)> _events = new();
    private readonly WaitStatistics _waits;
    private readonly SimulationSeries _series;
    private long _order;
    private long _now;
    private long _wake = long.MaxValue;
    private long _usedOnBurst;
    private long _decisions;
    private int _burstJobs;
    private int _refused;

    public SimulationRun(WorkloadTrace trace, BurstPolicy? policy, SimulationOptions options)
    {
        var nodes = options.LocalNodes
            ?? (trace.MaxNodes is { } processors ? (processors + options.ProcessorsPerNode - 1) / options.ProcessorsPerNode : throw new ArgumentException($"The trace '{trace}' does not tell how many nodes its centre has; say how many.", nameof(options)));
        if (options.IsClairvoyant)
        {
            options = options with { BootTime = TimeSpan.Zero, BootSpread = 0 };
            if (policy is not null) policy = policy with { Name = $"{policy.Name} (clairvoyant)", BootTime = TimeSpan.Zero, BootTimeout = TimeSpan.FromSeconds(1), IdleHold = TimeSpan.Zero };
        }

        (_trace, _policy, _options) = (trace, policy, options);
        string[] names = [.. Enumerable.Range(1, nodes).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i}"))];
        _local = new LocalCluster(names);
        _cloud = new SimulatedCloud(policy ?? Nothing, options);
        if (policy is not null)
            _planner = new BurstPlanner(policy, [.. names.Select(name => new BatchNode { Name = name, State = BatchNodeState.Idle, Cpu = options.ProcessorsPerNode })]);
        _offers = [new BurstOffer { NodeClass = NodeClass, Cpu = options.ProcessorsPerNode, PricePerHour = options.NodePrice }];
        _waits = new WaitStatistics(options.SlowdownBound, trace.Jobs.Count);
        _series = new SimulationSeries(
            trace.Jobs[0].SubmittedAt.ToUnixTimeMilliseconds(), trace.Jobs[^1].SubmittedAt.ToUnixTimeMilliseconds(), options.SampleCount);
    }

    /// <summary>Told of every job that starts; for tests.</summary>
    public Action<SimulatedJob>? Started { get; init; }

    /// <summary>Told of every round of decisions, before they are carried out; for tests.</summary>
    public Action<DateTimeOffset, BurstState, IReadOnlyList<BurstDecision>>? Decided { get; init; }

    public SimulationResult Run(CancellationToken cancellationToken)
    {
        var first = _trace.Jobs[0].SubmittedAt.ToUnixTimeMilliseconds();
        var next = 0;
        while (true)
        {
            var at = _events.TryPeek(out _, out var key) ? Math.Min(key.At, _wake) : _wake;
            if (next < _trace.Jobs.Count) at = Math.Min(at, _trace.Jobs[next].SubmittedAt.ToUnixTimeMilliseconds());
            if (at == long.MaxValue) break;
            cancellationToken.ThrowIfCancellationRequested();
            Advance(at);
            while (next < _trace.Jobs.Count && _trace.Jobs[next].SubmittedAt.ToUnixTimeMilliseconds() <= _now) Submit(_trace.Jobs[next++]);
            while (_events.TryPeek(out var due, out key) && key.At <= _now)
            {
                _events.Dequeue();
                Happen(due);
            }

            _local.Schedule(_queue, _now, StartLocally);
            Decide();
        }

        return Result(first);
    }

    private void Advance(long to)
    {
        while (_series.IsDue(to))
        {
            _cloud.Advance(_series.Next);
            _series.Add(_queue.Count, _local.Count - _local.FreeCount, _cloud.Nodes.Count, _cloud.SpentToday);
        }

        _cloud.Advance(to);
        _now = to;
    }

    private void Submit(WorkloadJob source)
    {
        var nodes = source.Nodes ?? (source.Processors + _options.ProcessorsPerNode - 1) / _options.ProcessorsPerNode;
        if (nodes > _local.Count && (_planner is null || _local.Count > 0 || nodes > _policy!.MaxNodes))
        {
            _refused++;
            return;
        }

        // A job that ran for longer than it asked for was let to; what it took is what counts.
        var run = (long)source.RunTime.TotalMilliseconds;
        var limit = (long)((source.TimeLimit?.TotalMilliseconds) ?? (run * _options.AssumedLimit));
        if (_options.IsClairvoyant || limit < run) limit = run;
        var job = new SimulatedJob(source, nodes, _now, run, Math.Max(1_000, limit));
        _queue.Add(job);
        _planner?.Set(job.ToBatchJob(_options.ProcessorsPerNode));
    }

    private void Happen(SimulationEvent due)
    {
        if (due.Node is { } node) BootDone(node);
        else if (due.Job!.IsOnBurst) EndOnBurst(due.Job);
        else EndLocally(due.Job);
    }

    private void BootDone(string name)
    {
        if (!_cloud.Has(name)) return;
        if (_cloud[name].JobId is not { } jobId)
        {
            _cloud.Change(name, n => n with { Phase = BurstNodePhase.Idle });
            _cloud.Release(name);
            return;
        }

        _cloud.Change(name, n => n with { Phase = BurstNodePhase.Idle });
        var job = _granted[jobId];
        if (--job.Missing == 0) StartOnBurst(job);
    }

    private void StartLocally(SimulatedJob job)
    {
        if (job.IsGranted)
        {
            foreach (var name in _grantedNodes[job]) _cloud.Release(name);
            Ungrant(job);
        }

        Begin(job);
    }

    private void StartOnBurst(SimulatedJob job)
    {
        job.Started = _now;
        job.IsOnBurst = true;
        job.NodeNames.Clear();
        job.NodeNames.AddRange(_grantedNodes[job]);
        Ungrant(job);
        _queue.Remove(job);
        var until = _policy!.WorstEnd(Time(_now), needsBoot: false, TimeSpan.FromMilliseconds(job.Limit));
        foreach (var name in job.NodeNames)
            _cloud.Change(name, n => n with { Phase = BurstNodePhase.Active, IdleSince = null, CommittedUntil = until });
        _usedOnBurst += job.Run * job.Nodes;
        _burstJobs++;
        Begin(job);
    }

    private void Ungrant(SimulatedJob job)
    {
        job.IsGranted = false;
        _granted.Remove(job.Source.Id);
        _grantedNodes.Remove(job);
    }

    private void Begin(SimulatedJob job)
    {
        _waits.Add(_now - job.Submitted, job.Run);
        _planner?.Set(job.ToBatchJob(_options.ProcessorsPerNode));
        Happens(_now + job.Run, new SimulationEvent(job, null));
        Started?.Invoke(job);
    }

    private void EndLocally(SimulatedJob job)
    {
        _local.End(job);
        _planner?.Remove(job.Source.Id);
    }

    private void EndOnBurst(SimulatedJob job)
    {
        foreach (var name in job.NodeNames) _cloud.Release(name);
        _planner!.Remove(job.Source.Id);
    }

    private void Decide()
    {
        _wake = long.MaxValue;
        if (_planner is null || (_queue.Count == _granted.Count && _cloud.FreeCount == 0)) return;
        var now = Time(_now);
        var state = new BurstState
        {
            Nodes = _cloud.Nodes,
            Grants = _granted.Count == 0 ? [] : [.. _granted.Keys.Select(id => new BurstGrant(id, 0, 0, now))],
            Offers = _offers,
            Budget = _policy!.DailyBudget is { } cap ? BurstBudget.At(cap, now, (decimal)_cloud.SpentToday, _cloud.Nodes, []) : null,
        };
        var decisions = _planner.Decide(now, state, explain: false);
        _decisions += _queue.Count - _granted.Count;
        Decided?.Invoke(now, state, decisions);
        foreach (var decision in decisions) Apply(decision);
        if (_planner.NextChange is { } change) _wake = Math.Max(change.ToUnixTimeMilliseconds(), _now + 1);
        foreach (var job in _granted.Values.Where(j => j.Missing == 0).ToList()) StartOnBurst(job);
    }

    private void Apply(BurstDecision decision)
    {
        switch (decision.Kind)
        {
            case BurstDecisionKind.AllowOnBurst:
                Grant(_queue.First(j => j.Source.Id == decision.JobId), decision);
                break;
            case BurstDecisionKind.Launch:
                var job = _granted[decision.JobId!];
                for (var n = 0; n < decision.NodeCount; n++)
                {
                    var ready = _cloud.Launch(decision, decision.JobId!, out var name);
                    _grantedNodes[job].Add(name);
                    Happens(ready, new SimulationEvent(null, name));
                }

                break;
            case BurstDecisionKind.Drain when _cloud[decision.Node!].IsFree:
                _cloud.Terminate(decision.Node!);
                break;
        }
    }

    private void Grant(SimulatedJob job, BurstDecision decision)
    {
        job.IsGranted = true;
        job.Missing = decision.NodeCount;
        _granted[job.Source.Id] = job;
        List<string> names = new(decision.NodeCount);
        foreach (var name in decision.WarmNodes)
        {
            _cloud.Change(name, n => n with { JobId = job.Source.Id, IdleSince = null, CommittedUntil = decision.CommittedUntil!.Value });
            if (_cloud[name].Phase == BurstNodePhase.Idle) job.Missing--;
            names.Add(name);
        }

        _grantedNodes[job] = names;
    }

    private void Happens(long at, SimulationEvent what) => _events.Enqueue(what, (at, _order++));

    private SimulationResult Result(long first) => new()
    {
        Trace = _trace.Name,
        Policy = _policy?.Name ?? Nothing.Name,
        DailyBudget = _policy?.DailyBudget,
        JobCount = _waits.Count,
        RefusedCount = _refused,
        BurstJobCount = _burstJobs,
        MeanWait = _waits.Mean,
        P95Wait = _waits.Percentile(0.95),
        BoundedSlowdown = _waits.BoundedSlowdown,
        BilledNodeHours = _cloud.BilledNodeHours,
        Waste = _cloud.BilledNodeHours > 0 ? 1 - (_usedOnBurst / 3_600_000.0 / _cloud.BilledNodeHours) : 0,
        Cost = (decimal)_cloud.Cost,
        MaxDayCost = (decimal)_cloud.MaxDayCost,
        Overshoot = _policy?.DailyBudget is { } cap ? Math.Max(0, (_cloud.MaxDayCost / (double)cap) - 1) : 0,
        LaunchCount = _cloud.LaunchCount,
        MaxBurstNodes = _cloud.MaxCount,
        Span = TimeSpan.FromMilliseconds(_now - first),
        DecisionCount = _decisions,
        Series = _series.Samples,
    };

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
