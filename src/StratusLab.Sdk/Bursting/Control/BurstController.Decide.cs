using StratusLab.Core;

namespace StratusLab.Sdk;

public sealed partial class BurstController
{
    private async Task<IReadOnlyList<BurstDecision>> DecideAsync(BatchSnapshot snapshot, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var policy = state.Definition.Policy;
        await KeepGrantsAsync(state, snapshot, cancellationToken).ConfigureAwait(false);
        if (state.State is not BurstRunState.Running)
        {
            await AllowAsync(snapshot, cancellationToken).ConfigureAwait(false);
            return [];
        }

        state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var classes = BurstClasses.Of(state.Definition, snapshot);
        var offers = await ListOffersAsync(state, classes, cancellationToken).ConfigureAwait(false);
        var decisions = BurstPlanner.Decide(policy, snapshot, ViewOf(state, offers), _clock.GetUtcNow());
        if (policy.Mode is BurstMode.Advise) return decisions;

        await ApplyAsync(decisions, classes, offers, snapshot, cancellationToken).ConfigureAwait(false);
        if (state.Nodes.Any(n => n.State is BurstNodeState.CapacityFailed)) await RerouteAsync(offers, cancellationToken).ConfigureAwait(false);
        await AllowAsync(snapshot, cancellationToken).ConfigureAwait(false);
        return decisions;
    }

    private async Task<IReadOnlyList<BurstOffer>> ListOffersAsync(LedgerState state, IReadOnlyList<BurstNodeClass> classes, CancellationToken cancellationToken)
    {
        try
        {
            return await _offers.ListAsync(state.Definition, classes, state, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (!IsOwn(e))
        {
            _problems.Add($"Host '{state.Definition.HostName}' does not say what its machines cost; nothing is launched. {e.Message}");
            return [];
        }
    }

    // A burst that launches nothing can still give work to the nodes that it has.
    private BurstState ViewOf(LedgerState state, IReadOnlyList<BurstOffer> offers)
    {
        var now = _clock.GetUtcNow();
        return new BurstState
        {
            Nodes = [.. state.Nodes.Where(n => !n.HasEnded).Select(BurstNodeView.Of)],
            Grants = [.. state.Grants.Select(g => g.ToGrant())],
            Offers = state.Halted is null ? offers : [.. offers.Select(o => o with { ClosedUntil = now + state.Definition.Policy.Tick })],
            Budget = state.BudgetAt(now),
        };
    }

    private async Task ApplyAsync(
        IReadOnlyList<BurstDecision> decisions, IReadOnlyList<BurstNodeClass> classes, IReadOnlyList<BurstOffer> offers, BatchSnapshot snapshot, CancellationToken cancellationToken)
    {
        var fresh = decisions.Where(d => d.Kind is BurstDecisionKind.Launch).ToDictionary(d => d.JobId!, d => d.NodeCount, StringComparer.Ordinal);
        var allowed = decisions.Where(d => d.Kind is BurstDecisionKind.AllowOnBurst).ToList();
        var drained = decisions.Where(d => d.Kind is BurstDecisionKind.Drain).ToList();
        foreach (var warning in decisions.Where(d => d.Kind is BurstDecisionKind.Warn)) _problems.Add(warning.Reason);
        if (allowed.Count == 0 && drained.Count == 0) return;
        await WriteAsync(
            w =>
            {
                Drain(w, drained);
                var state = w.Read();
                var margin = new BurstNodeLife(state.Definition.Policy).GiveBackTime;
                var admission = new LedgerAdmission(w);
                var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                foreach (var decision in allowed)
                {
                    var count = fresh.GetValueOrDefault(decision.JobId!);
                    var names = _options.Requests is null ? Names(classes, decision.NodeClass!, count, state, snapshot, used) : [];
                    if (names.Count < count && _options.Requests is null)
                    {
                        _problems.Add($"Job {decision.JobId} waits: class '{decision.NodeClass}' has no {count} free node names.");
                        continue;
                    }

                    var request = new BudgetRequest
                    {
                        JobId = decision.JobId!,
                        NodeClass = decision.NodeClass!,
                        Market = decision.Market,
                        PricePerHour = offers.First(o => o.NodeClass == decision.NodeClass && o.Market == decision.Market).FullPricePerHour,
                        Fresh = count,
                        Names = names,
                        Warm = decision.WarmNodes,
                        Until = decision.CommittedUntil!.Value + margin,
                    };
                    if (admission.Admit(request, namedByBatchSystem: false) is null) used.UnionWith(names);
                }

                return 0;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static List<string> Names(
        IReadOnlyList<BurstNodeClass> classes, string nodeClass, int count, LedgerState state, BatchSnapshot snapshot, HashSet<string> used) =>
        [.. BurstClasses.FreeNames(classes.First(c => c.Name == nodeClass), state, snapshot).Where(n => !used.Contains(n)).Take(count)];

    private static void Drain(LedgerWriter writer, IReadOnlyList<BurstDecision> decisions)
    {
        var living = writer.Read().Nodes.Where(n => !n.HasEnded).ToDictionary(n => n.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var decision in decisions)
        {
            var cause = decision.ReasonCode switch
            {
                BurstReason.IdleHoldOver => BurstNodeCause.IdleHoldOver,
                BurstReason.MaxLifetimeReached => BurstNodeCause.LifetimeOver,
                BurstReason.BudgetSpent => BurstNodeCause.BudgetSpent,
                _ => BurstNodeCause.NotNeeded,
            };
            if (!living.TryGetValue(decision.Node!, out var node) || !BurstTransitions.Allows(node.State, BurstNodeState.Draining, cause)) continue;
            var steps = new List<BurstTransition>();
            writer.Save(node.Move(BurstNodeState.Draining, cause, writer.Now, steps, decision.Reason), steps);
        }
    }

    // Promises to jobs that ended, run, or have waited for longer than what was reserved for them.
    private async Task KeepGrantsAsync(LedgerState state, BatchSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (state.Grants.Count == 0) return;
        var jobs = snapshot.Jobs.ToDictionary(j => j.Id, StringComparer.Ordinal);
        var now = _clock.GetUtcNow();
        var policy = state.Definition.Policy;
        var burstNodes = BurstClasses.Of(state.Definition, snapshot).SelectMany(c => c.Nodes).Concat(state.Nodes.Select(n => n.Name)).ToHashSet(StringComparer.Ordinal);
        var over = state.Grants.Where(g => IsOver(g, jobs.GetValueOrDefault(g.JobId), policy, state, burstNodes, now)).Select(g => g.JobId).ToHashSet(StringComparer.Ordinal);
        if (over.Count == 0) return;
        await WriteAsync(
            w =>
            {
                foreach (var job in over) w.RemoveGrant(job);

                // Nodes of a job that is not let on any more are free for the next one.
                foreach (var node in w.Read().Nodes.Where(n => !n.HasEnded && n.JobId is { } id && over.Contains(id) && jobs.GetValueOrDefault(id) is { State: BatchJobState.Pending or BatchJobState.Held }))
                    w.Save(node with { JobId = null }, []);
                return 0;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static bool IsOver(GrantRecord grant, BatchJob? job, BurstPolicy policy, LedgerState state, HashSet<string> burstNodes, DateTimeOffset now)
    {
        if (job is null or { State: BatchJobState.Held or BatchJobState.Running or BatchJobState.Completing } || state.State is not BurstRunState.Running) return true;
        if (job.State is BatchJobState.Configuring) return !burstNodes.IsSupersetOf(job.Nodes);

        // All its nodes or none: where one of them failed, the whole is decided anew.
        var nodes = grant.NodesToCome + state.Nodes.Count(n => !n.HasEnded && n.JobId == grant.JobId);
        var end = job.TimeLimit is { } limit ? now + limit : grant.GrantedAt;
        return nodes < job.NodeCount || end + policy.IdleHold > grant.CommittedUntil;
    }

    // The batch system's queue is brought to what the ledger promises: who is let on, and who is not.
    private async Task AllowAsync(BatchSnapshot snapshot, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var policy = state.Definition.Policy;
        if (policy.Mode is not BurstMode.Pull) return;
        var granted = state.Grants.Select(g => g.JobId).ToHashSet(StringComparer.Ordinal);
        var changes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var job in snapshot.Jobs.Where(j => j.State is BatchJobState.Pending or BatchJobState.Held))
        {
            var isOn = job.Partitions.Contains(policy.BurstPartition, StringComparer.Ordinal);
            var isLocal = job.Partitions.Contains(policy.LocalPartition, StringComparer.Ordinal);
            if (granted.Contains(job.Id) && !isOn) changes[job.Id] = [policy.LocalPartition, policy.BurstPartition];
            else if (!granted.Contains(job.Id) && isOn && isLocal) changes[job.Id] = [policy.LocalPartition];
        }

        if (changes.Count == 0) return;
        IReadOnlyDictionary<string, StratusException> refused;
        try
        {
            refused = await LetOnAsync(changes, policy, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (!IsOwn(e))
        {
            _problems.Add($"The batch system could not be told which jobs may burst: {e.Message}");
            return;
        }

        foreach (var (job, error) in refused)
            if (error.ErrorId is not ("JobNotFound" or "JobStateInvalid")) _problems.Add($"Job {job} stays where it is: {error.Message}");
        var back = refused.Keys.Where(granted.Contains).ToHashSet(StringComparer.Ordinal);
        if (back.Count > 0) await WriteAsync(w => TakeBack(w, back), cancellationToken).ConfigureAwait(false);
    }

    // Not every version takes several partitions for a waiting job.
    private async Task<IReadOnlyDictionary<string, StratusException>> LetOnAsync(
        Dictionary<string, IReadOnlyList<string>> changes, BurstPolicy policy, CancellationToken cancellationToken)
    {
        var refused = await Batch.AllowJobsAsync(changes, cancellationToken).ConfigureAwait(false);
        var narrower = refused.Where(r => r.Value.ErrorId is "BatchSystemRefused" && changes[r.Key].Count > 1)
            .ToDictionary(r => r.Key, _ => (IReadOnlyList<string>)[policy.BurstPartition], StringComparer.Ordinal);
        if (narrower.Count == 0) return refused;
        var still = await Batch.AllowJobsAsync(narrower, cancellationToken).ConfigureAwait(false);
        return refused.Where(r => !narrower.ContainsKey(r.Key)).Concat(still).ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal);
    }

    private static int TakeBack(LedgerWriter writer, HashSet<string> jobs)
    {
        foreach (var job in jobs) writer.RemoveGrant(job);
        foreach (var node in writer.Read().Nodes.Where(n => !n.HasEnded && n.JobId is { } id && jobs.Contains(id))) writer.Save(node with { JobId = null }, []);
        return 0;
    }
}
