using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The burst nodes that are free while decisions are taken, and how many more may come.</summary>
internal sealed class BurstPool
{
    private readonly BurstPolicy _policy;
    private readonly BurstState _state;
    private readonly DateTimeOffset _now;
    private readonly List<BurstNode> _free;

    public BurstPool(BurstPolicy policy, BurstState state, DateTimeOffset now)
    {
        (_policy, _state, _now) = (policy, state, now);
        var there = state.Nodes.Count;
        foreach (var grant in state.Grants) there += grant.NodesToCome;
        Room = Math.Max(0, policy.MaxNodes - there);
        _free = [.. state.Nodes.Where(n => n.IsFree)];
        if (_free.Count > 1) _free.Sort(CompareNodes);
    }

    /// <summary>How many more nodes may be launched.</summary>
    public int Room { get; private set; }

    public IReadOnlyList<BurstNode> Free => _free;

    /// <summary>The ways to give a job its nodes, each of one class, with those that are free already first; the cheapest in the worst case first.</summary>
    public BurstReason? Choose(BatchJob job, BudgetBook book, out BurstPlacement? best)
    {
        best = null;
        BurstReason? why = BurstReason.NoFittingClass;
        foreach (var offer in _state.Offers)
        {
            if (!offer.Fits(job)) continue;
            var isOpen = offer.ClosedUntil is not { } until || until <= _now;
            var warm = WarmFor(offer.NodeClass, job);
            var fresh = job.NodeCount - warm.Count;
            if (fresh > 0 && !isOpen)
            {
                if (best is null && why == BurstReason.NoFittingClass) why = BurstReason.OffersClosed;
                continue;
            }

            if (fresh > Room)
            {
                if (best is null) why = BurstReason.MaxNodesReached;
                continue;
            }

            var placement = new BurstPlacement(offer, warm, fresh, _policy.WorstEnd(_now, fresh > 0, job.TimeLimit));
            placement.AskFor(book, _now);
            placement.Cost = book.Asked;
            if (best is null || placement.CompareTo(best) < 0) best = placement;
            why = null;
        }

        return why;
    }

    public void Take(BurstPlacement placement)
    {
        foreach (var node in placement.Warm) _free.Remove(node);
        Room -= placement.Fresh;
    }

    private List<BurstNode> WarmFor(string nodeClass, BatchJob job)
    {
        List<BurstNode> warm = [];
        foreach (var node in _free)
        {
            if (warm.Count == job.NodeCount) break;
            if (node.NodeClass != nodeClass) continue;
            if (job.TimeLimit is { } limit && _now + limit > node.LaunchedAt + _policy.MaxLifetime) continue;
            warm.Add(node);
        }

        return warm;
    }

    // Ready ones first, then the cheaper, then the younger: the older are nearer to being given back.
    private static int CompareNodes(BurstNode left, BurstNode right)
    {
        var order = right.Phase.CompareTo(left.Phase);
        if (order == 0) order = left.PricePerHour.CompareTo(right.PricePerHour);
        if (order == 0) order = right.LaunchedAt.CompareTo(left.LaunchedAt);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }
}
