namespace StratusLab.Sdk;

/// <summary>One round of decisions: what was decided so far, and the money and nodes that are left.</summary>
internal sealed class PlanningRun
{
    // More than any job has, and far from what a duration cannot hold.
    private const double MaxNodeHours = 1e7;

    // So that one that needs nearly all that there is can burst too, if it would wait for very long.
    private const double LeastFree = 0.05;

    private readonly BurstPolicy _policy;
    private readonly BurstState _state;
    private readonly DateTimeOffset _now;
    private readonly HashSet<string>? _granted;
    private readonly List<BurstDecision> _decisions = [];
    private readonly BurstPool _pool;

    public PlanningRun(BurstPolicy policy, BurstState state, DateTimeOffset now, bool explains)
    {
        (_policy, _state, _now, Explains) = (policy, state, now, explains);
        NowMilliseconds = now.ToUnixTimeMilliseconds();
        Book = new BudgetBook(state.Budget);
        _pool = new BurstPool(policy, state, now);
        if (state.Grants.Count > 0) _granted = state.Grants.Select(g => g.JobId).ToHashSet(StringComparer.Ordinal);
    }

    public bool Explains { get; }

    public long NowMilliseconds { get; }

    public BudgetBook Book { get; }

    public IReadOnlyList<BurstDecision> Decisions => _decisions;

    public DateTimeOffset? NextChange { get; private set; }

    public bool IsGranted(PlannedJob job) => _granted?.Contains(job.Job.Id) == true;

    public void Warn() => _decisions.Add(new BurstDecision
    {
        Kind = BurstDecisionKind.Warn,
        ReasonCode = Book.IsSpent ? BurstReason.BudgetSpent : BurstReason.BudgetWarning,
        Bound = Money(Book.Spent),
    });

    public void Deny(PlannedJob job, BurstReason reason, TimeSpan? wait, BurstBound bound = default, double cost = 0, BurstDecisionKind kind = BurstDecisionKind.Deny)
    {
        if (!Explains) return;
        _decisions.Add(new BurstDecision
        {
            Kind = kind,
            ReasonCode = reason,
            JobId = job.Job.Id,
            NodeCount = job.Nodes,
            PredictedWait = wait,
            EstimatedCost = (decimal)cost,
            Bound = bound,
        });
    }

    /// <summary>Decides on one job; true if it is let onto burst nodes.</summary>
    public bool Judge(PlannedJob job, long start, bool namedByUser, int localNodes)
    {
        TimeSpan? wait = start == LocalProfile.Never ? null : TimeSpan.FromMilliseconds(start - NowMilliseconds);
        if (!namedByUser && localNodes > 0 && job.Nodes > localNodes) return Refuse(job, BurstReason.LargerThanCentre, wait, new BurstBound(Nodes: localNodes));
        if (wait == TimeSpan.Zero)
        {
            Deny(job, BurstReason.StartsLocally, wait);
            return false;
        }

        if (job.Nodes > _policy.MaxNodes) return Refuse(job, BurstReason.LargerThanMaxNodes, wait, new BurstBound(Nodes: _policy.MaxNodes));
        var life = job.Job.TimeLimit is { } limit ? limit + _policy.BootTimeout : TimeSpan.Zero;
        if (life > _policy.MaxLifetime) return Refuse(job, BurstReason.LongerThanMaxLifetime, wait, new BurstBound(life));

        var worthIt = BurstReason.WaitIsLong;
        var threshold = Threshold(job);
        if (namedByUser) worthIt = BurstReason.NamedByUser;
        else if (wait is null) worthIt = BurstReason.NeverLocal;
        else if (!IsWorthIt(job, wait.Value, threshold))
        {
            Deny(job, BurstReason.WaitIsShort, wait, new BurstBound(threshold));
            return false;
        }

        return Admit(job, wait, worthIt, threshold);
    }

    public void DecideNodes()
    {
        if (!Book.IsSpent)
        {
            foreach (var node in _pool.Free) DecideNode(node);
            return;
        }

        foreach (var node in _state.Nodes)
            if (node.Phase != BurstNodePhase.Draining) Decide(BurstDecisionKind.Drain, node, BurstReason.BudgetSpent, Money(Book.Spent));
    }

    // What a job bears to wait: so much for each node-hour that it might cost, and the more the less is left for others.
    private TimeSpan Threshold(PlannedJob job, double scarcity = 1)
    {
        if (_policy.Rule != BurstRule.PredictedWait || job.Job.TimeLimit is not { } limit) return _policy.WaitThreshold;
        var bearable = _policy.WaitPerNodeHour * Math.Min(job.Nodes * limit.TotalHours * scarcity, MaxNodeHours);
        return bearable > _policy.WaitThreshold ? bearable : _policy.WaitThreshold;
    }

    // 1 while everything is free, and more the less of the budget or of the nodes would be left after the job, whichever is scarcer.
    private double Scarcity(PlannedJob job)
    {
        var nodes = (double)(_pool.Room + _pool.Free.Count - job.Nodes) / _policy.MaxNodes;
        return 1 / Math.Clamp(Math.Min(nodes, Book.FreeShareAfter()), LeastFree, 1);
    }

    private bool IsPriority(PlannedJob job) => job.Job.Priority >= _policy.PriorityFrom || Book.Asked <= Book.Cap * _policy.SmallJobShare;

    private bool IsWorthIt(PlannedJob job, TimeSpan wait, TimeSpan threshold)
    {
        switch (_policy.Rule)
        {
            case BurstRule.Immediate:
                return true;
            case BurstRule.Threshold:
                var due = job.Job.SubmittedAt + threshold;
                if (due > _now) Wake(due);
                return due <= _now;
            default:
                return wait > threshold;
        }
    }

    private bool Admit(PlannedJob job, TimeSpan? wait, BurstReason worthIt, TimeSpan threshold)
    {
        if (Book.IsSpent)
        {
            WakeNextDay();
            Deny(job, BurstReason.BudgetSpent, wait, Money(Book.Spent));
            return false;
        }

        if (_pool.Choose(job.Job, Book, out var placement) is { } why)
        {
            if (why == BurstReason.NoFittingClass) return Refuse(job, why, wait, default);
            Deny(job, why, wait, new BurstBound(Nodes: _pool.Room));
            return false;
        }

        placement!.AskFor(Book, _now);
        var share = Book.Cap * _policy.MaxJobBudgetShare;
        if (Book.Asked > share) return Refuse(job, BurstReason.OverJobShare, wait, Money(share), Book.Asked);
        if (!Book.CanReserve(out var free))
        {
            WakeNextDay();
            Deny(job, BurstReason.BudgetReserved, wait, Money(free), Book.Asked);
            return false;
        }

        if (Book.IsAtWarning(_policy.WarnShare) && !IsPriority(job))
        {
            WakeNextDay();
            Deny(job, BurstReason.BudgetWarning, wait, Money(Book.Spent), Book.Asked);
            return false;
        }

        if (worthIt == BurstReason.WaitIsLong && _policy.Rule == BurstRule.PredictedWait)
        {
            threshold = Threshold(job, Scarcity(job));
            if (wait <= threshold)
            {
                Deny(job, BurstReason.WaitIsShort, wait, new BurstBound(threshold), Book.Asked);
                return false;
            }
        }

        Book.Reserve();
        _pool.Take(placement);
        Allow(job, placement, wait, worthIt, threshold);
        return true;
    }

    private void Allow(PlannedJob job, BurstPlacement placement, TimeSpan? wait, BurstReason reason, TimeSpan threshold)
    {
        var allow = new BurstDecision
        {
            Kind = BurstDecisionKind.AllowOnBurst,
            ReasonCode = reason,
            JobId = job.Job.Id,
            NodeClass = placement.Offer.NodeClass,
            Market = placement.Offer.Market,
            NodeCount = job.Nodes,
            WarmNodes = placement.Warm.Count == 0 ? [] : [.. placement.Warm.Select(n => n.Name)],
            PredictedWait = wait,
            EstimatedCost = (decimal)placement.Cost,
            CommittedUntil = placement.Until,
            Bound = new BurstBound(threshold),
        };
        _decisions.Add(allow);
        if (placement.Fresh > 0)
            _decisions.Add(allow with { Kind = BurstDecisionKind.Launch, ReasonCode = BurstReason.NeededByJob, NodeCount = placement.Fresh, WarmNodes = [], PredictedWait = null });
    }

    private void DecideNode(BurstNode node)
    {
        if (node.IdleSince is not { } since) return;
        var over = since + _policy.IdleHold;
        if (_now - node.LaunchedAt >= _policy.MaxLifetime)
        {
            Decide(BurstDecisionKind.Drain, node, BurstReason.MaxLifetimeReached, new BurstBound(_now - node.LaunchedAt));
        }
        else if (_now >= over)
        {
            Decide(BurstDecisionKind.Drain, node, BurstReason.IdleHoldOver, new BurstBound(_now - since));
        }
        else
        {
            Wake(over);
            if (Explains) Decide(BurstDecisionKind.KeepIdle, node, BurstReason.WithinIdleHold, new BurstBound(over - _now));
        }
    }

    private void Decide(BurstDecisionKind kind, BurstNode node, BurstReason reason, BurstBound bound) => _decisions.Add(new BurstDecision
    {
        Kind = kind,
        ReasonCode = reason,
        Node = node.Name,
        NodeClass = node.NodeClass,
        Market = node.Market,
        NodeCount = 1,
        CommittedUntil = kind == BurstDecisionKind.KeepIdle ? node.CommittedUntil : null,
        Bound = bound,
    });

    private bool Refuse(PlannedJob job, BurstReason reason, TimeSpan? wait, BurstBound bound, double cost = 0)
    {
        Deny(job, reason, wait, bound, cost, BurstDecisionKind.Refuse);
        return false;
    }

    private BurstBound Money(double amount) => double.IsFinite(amount) ? new BurstBound(Money: (decimal)amount, Cap: (decimal)Book.Cap) : default;

    private void WakeNextDay()
    {
        if (_state.Budget is { } budget) Wake(budget.DayEnd);
    }

    private void Wake(DateTimeOffset at)
    {
        if (NextChange is null || at < NextChange) NextChange = at;
    }
}
