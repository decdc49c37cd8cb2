using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Answers a batch system that asks for nodes by name: by what was promised to their jobs, or by the same guard now.</summary>
internal sealed class BurstResume(LedgerWriter writer, IReadOnlyList<BurstNodeClass> classes, IReadOnlyList<BurstOffer> offers, BatchSnapshot snapshot)
{
    private readonly LedgerState _state = writer.Read();
    private readonly List<(string Node, string Why)> _refused = [];
    private int _postponed;

    /// <summary>Begins the lives of the nodes that may be launched.</summary>
    /// <returns>Nodes that are not launched and why, and how many have to wait until their name is free.</returns>
    public (IReadOnlyList<(string Node, string Why)> Refused, int Postponed) Answer(BurstRequest request)
    {
        var latest = _state.Nodes.GroupBy(n => n.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.MaxBy(n => n.Generation)!, StringComparer.OrdinalIgnoreCase);
        var wanted = new List<string>();
        foreach (var name in request.Nodes.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var node = latest.GetValueOrDefault(name);
            if (_state.State is not BurstRunState.Running) _refused.Add((name, $"the burst is {_state.State}"));
            else if (_state.Halted is { } halted) _refused.Add((name, halted));
            else if (node is { State: BurstNodeState.Quarantined }) _refused.Add((name, "it failed again and again, and is in quarantine"));
            else if (ClassOf(name) is null) _refused.Add((name, "the burst has no class of node with this name"));
            else if (node is null or { HasEnded: true }) wanted.Add(name);
            else if (IsLeaving(node.State)) _postponed++;
        }

        foreach (var job in wanted.GroupBy(n => JobOf(request, n), StringComparer.Ordinal)) Begin(job.Key, [.. job], latest);
        return (_refused, _postponed);
    }

    private static bool IsLeaving(BurstNodeState state) => state is BurstNodeState.Draining or BurstNodeState.Terminating or BurstNodeState.BootTimedOut
        or BurstNodeState.Missing or BurstNodeState.SpotNotice or BurstNodeState.Orphan or BurstNodeState.CapacityFailed or BurstNodeState.QuotaFailed;

    private BurstNodeClass? ClassOf(string node) => BurstClasses.Find(classes, node);

    private string? JobOf(BurstRequest request, string node) =>
        snapshot.Jobs.FirstOrDefault(j => j.Nodes.Contains(node, StringComparer.Ordinal))?.Id ?? request.Jobs.GetValueOrDefault(node);

    private void Begin(string? jobId, List<string> names, Dictionary<string, BurstNodeRecord> latest)
    {
        var grant = _state.Grants.FirstOrDefault(g => g.JobId == jobId) ?? (jobId is null ? _state.Grants.FirstOrDefault(g => g.NodesToCome >= names.Count) : null);
        if (grant is null)
        {
            Admit(jobId, names);
            return;
        }

        // What was promised is moved from the promise to the nodes; what is beyond it is not launched.
        var left = grant.NodesToCome;
        foreach (var name in names)
        {
            if (left == 0)
            {
                _refused.Add((name, $"job {grant.JobId} was promised fewer nodes"));
                continue;
            }

            left--;
            var shape = ClassOf(name)!;
            var isAsPromised = shape.Name == grant.NodeClass;
            var offer = isAsPromised ? null : Cheapest(shape);
            if (!isAsPromised && (offer is null || offer.FullPricePerHour > grant.PricePerHour))
            {
                _refused.Add((name, $"job {grant.JobId} was promised nodes of class '{grant.NodeClass}'"));
                continue;
            }

            writer.BeginNode(
                _state.Definition.Name, latest.GetValueOrDefault(name), name, shape.Name, offer?.Market ?? grant.Market, offer?.FullPricePerHour ?? grant.PricePerHour, grant.CommittedUntil, grant.JobId, true);
        }

        writer.Save(grant with { NodesToCome = left });
    }

    private BurstOffer? Cheapest(BurstNodeClass shape) =>
        offers.Where(o => o.NodeClass == shape.Name && (o.ClosedUntil is not { } until || until <= writer.Now)).MinBy(o => o.FullPricePerHour);

    private void Admit(string? jobId, List<string> names)
    {
        var job = snapshot.Jobs.FirstOrDefault(j => j.Id == jobId);
        var shape = ClassOf(names[0])!;
        var offer = Cheapest(shape);
        string? why = null;
        if (job is null) why = "no job that waits for it is known";
        else if (offer is null) why = $"class '{shape.Name}' is not to be had now";
        else if (names.Exists(n => ClassOf(n) != shape)) why = "one job's nodes are of different classes";
        else
        {
            var policy = _state.Definition.Policy;
            why = new LedgerAdmission(writer).Admit(
                new BudgetRequest
                {
                    JobId = job.Id,
                    NodeClass = shape.Name,
                    Market = offer.Market,
                    PricePerHour = offer.FullPricePerHour,
                    Fresh = names.Count,
                    Names = names,
                    Until = policy.WorstEnd(writer.Now, needsBoot: true, job.TimeLimit) + new BurstNodeLife(policy).GiveBackTime,
                },
                namedByBatchSystem: true);
        }

        if (why is not null) _refused.AddRange(names.Select(n => (n, why)));
    }
}
