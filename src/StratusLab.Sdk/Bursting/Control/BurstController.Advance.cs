using StratusLab.Core;

namespace StratusLab.Sdk;

public sealed partial class BurstController
{
    private const int BatchCallLimit = 1_000;

    private const BurstNodeEffects ForBatch = BurstNodeEffects.Tell | BurstNodeEffects.Drain | BurstNodeEffects.Down | BurstNodeEffects.Resume | BurstNodeEffects.GiveBack;

    // What nodes have become, and what is to be done about each.
    private async Task AdvanceAsync(BatchSnapshot? snapshot, IReadOnlyList<BurstRequest> requests, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var policy = state.Definition.Policy;
        var machines = await ListMachinesAsync(state, cancellationToken).ConfigureAwait(false);
        var life = new BurstNodeLife(policy);
        var sight = new BurstSight(state, snapshot, machines, requests, _options.NodesRegister, _machines.ListingDelay, _clock.GetUtcNow());
        var advances = state.Nodes.Select(n => (Before: n, After: life.Advance(n, sight.Of(n)))).ToList();
        var hard = policy.EnforceHard && state.BudgetAt(sight.Now) is { } budget && budget.Spent >= budget.DailyCap;
        var isNews = hard || advances.Exists(a => a.After.Node != a.Before || a.After.Failed || a.After.Succeeded || sight.NewPriceOf(a.Before) is not null);
        if (isNews) await WriteAsync(w => Keep(w, advances, sight, hard), cancellationToken).ConfigureAwait(false);
        if (snapshot is not null) await TellBatchAsync([.. advances.Select(a => a.After)], snapshot, requests, cancellationToken).ConfigureAwait(false);
        if (machines is not null) await AdoptOrReapAsync(machines, snapshot, cancellationToken).ConfigureAwait(false);
        await RemoveAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot is not null) await AnswerAsync(requests, snapshot, cancellationToken).ConfigureAwait(false);
    }

    private static int Keep(LedgerWriter writer, IReadOnlyList<(BurstNodeRecord Before, NodeAdvance After)> advances, BurstSight sight, bool hard)
    {
        var known = writer.Read().Failures;
        var failures = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (before, advance) in advances)
        {
            var node = advance.Node;
            var steps = advance.Steps.ToList();
            if (hard && node.State is BurstNodeState.Active) node = node.Move(BurstNodeState.Terminating, BurstNodeCause.BudgetSpent, writer.Now, steps);

            // What it cost until now stays what it was, and from now on it costs more. One that turned out to be cheaper was so from its launch.
            if (sight.NewPriceOf(node) is { } price) node = (price > node.PricePerHour ? writer.Settle(node, writer.Now) : node) with { PricePerHour = price };
            if (node != before) writer.Save(node, steps);
            if (advance.Failed) failures[node.NodeClass] = failures.GetValueOrDefault(node.NodeClass, known.GetValueOrDefault(node.NodeClass)) + 1;
            if (advance.Succeeded) failures[node.NodeClass] = 0;
        }

        foreach (var (nodeClass, count) in failures) writer.SaveFailures(nodeClass, count);
        return 0;
    }

    private async Task<IReadOnlyList<VirtualMachine>?> ListMachinesAsync(LedgerState state, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var isMoving = state.Nodes.Any(n => n.State is BurstNodeState.Launching or BurstNodeState.Pending or BurstNodeState.Booting or BurstNodeState.Terminating
            or BurstNodeState.SpotNotice or BurstNodeState.Orphan || (n.Misses > 0 && !n.HasEnded));
        var isEnding = state.State is not BurstRunState.Running;
        if (!isMoving && !isEnding && _listedAt is { } last && now - last < state.Definition.Policy.Reconcile) return null;
        try
        {
            var machines = await _machines.ListAsync(state.Definition, cancellationToken).ConfigureAwait(false);
            _listedAt = now;
            return machines;
        }
        catch (StratusException e)
        {
            _problems.Add($"Host '{state.Definition.HostName}' cannot be asked for its VMs; nodes are kept. {e.Message}");
            return null;
        }
    }

    private async Task TellBatchAsync(IReadOnlyList<NodeAdvance> advances, BatchSnapshot snapshot, IReadOnlyList<BurstRequest> requests, CancellationToken cancellationToken)
    {
        if (_options.Definition.Policy.Mode is BurstMode.Advise) return;
        var off = snapshot.Nodes.Where(n => n.State is BatchNodeState.PoweredDown).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var wanted = requests.Where(r => r.Kind is BurstRequestKind.Resume).SelectMany(r => r.Nodes).ToHashSet(StringComparer.Ordinal);
        var changes = new Dictionary<string, BatchNodeChange>(StringComparer.Ordinal);
        var givenBack = new List<BurstNodeRecord>();
        foreach (var (node, _, effects, _, _) in advances.Where(a => (a.Effects & ForBatch) != BurstNodeEffects.None).Take(BatchCallLimit))
        {
            if (effects.HasFlag(BurstNodeEffects.Tell)) changes[node.Name] = new BatchNodeChange { Address = node.NodeAddress, InstanceId = node.Vm?.Key, InstanceType = node.MachineType };
            if (effects.HasFlag(BurstNodeEffects.Drain)) changes[node.Name] = Act(node, BatchNodeAction.Drain);
            if (effects.HasFlag(BurstNodeEffects.Down)) changes[node.Name] = Act(node, BatchNodeAction.Down);
            if (effects.HasFlag(BurstNodeEffects.Resume)) changes[node.Name] = Act(node, BatchNodeAction.Resume);
            if (!effects.HasFlag(BurstNodeEffects.GiveBack) || wanted.Contains(node.Name)) continue;
            if (!off.Contains(node.Name)) changes[node.Name] = Act(node, BatchNodeAction.PowerDown);
            givenBack.Add(node);
        }

        try
        {
            var refused = changes.Count == 0 ? null : await Batch.ChangeNodesAsync(changes, cancellationToken).ConfigureAwait(false);
            foreach (var (node, error) in refused ?? new Dictionary<string, StratusException>())
                _problems.Add($"The batch system did not take what it was told about node '{node}': {error.Message}");
            givenBack.RemoveAll(n => refused?.ContainsKey(n.Name) == true);
        }
        catch (StratusException e)
        {
            // What it was told is told again.
            _problems.Add($"The batch system could not be told about its nodes: {e.Message}");
            return;
        }

        if (givenBack.Count > 0) await WriteAsync(w => GiveBack(w, givenBack), cancellationToken).ConfigureAwait(false);
    }

    // Errors of the ledger are not the batch system's.
    private static bool IsOwn(StratusException error) => error.ErrorId is BurstErrors.TenureLost || error.ErrorId.StartsWith("Catalogue", StringComparison.Ordinal);

    private BatchNodeChange Act(BurstNodeRecord node, BatchNodeAction action) =>
        new() { Action = action, Reason = action is BatchNodeAction.Resume ? null : $"{BurstNodeLife.Mark} {Name}: {node.Cause}" };

    private static int GiveBack(LedgerWriter writer, List<BurstNodeRecord> nodes)
    {
        var known = writer.Read().Nodes.ToDictionary(n => (n.Name, n.Generation));
        foreach (var node in nodes)
            if (known.GetValueOrDefault((node.Name, node.Generation)) is { } now) writer.Save(now with { IsGivenBack = true }, []);
        return nodes.Count;
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var going = state.Nodes.Where(n => n is { State: BurstNodeState.Terminating, Vm: not null }).ToDictionary(n => n.Vm!.Value);
        if (going.Count == 0) return;
        var gone = new List<BurstNodeRecord>();
        try
        {
            await foreach (var outcome in KeepWhileAsync(_machines.RemoveAsync([.. going.Keys], cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                if (outcome.Id is not { } id || !going.TryGetValue(id, out var node)) continue;
                var isAway = outcome.Error is { Kind: StratusErrorKind.NotFound } && node.Misses >= BurstNodeLife.MissesNeeded;
                if (outcome.Succeeded || isAway) gone.Add(node);
                else _problems.Add($"Node '{node.Name}' is not removed yet: {outcome.Error!.Message}");
            }
        }
        catch (StratusException e) when (!IsOwn(e))
        {
            _problems.Add($"Nodes are not removed yet: {e.Message}");
        }

        if (gone.Count == 0) return;
        await WriteAsync(
            w =>
            {
                foreach (var node in gone) End(w, node, state.Definition.Policy);
                return 0;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void End(LedgerWriter writer, BurstNodeRecord node, BurstPolicy policy)
    {
        var steps = new List<BurstTransition>();
        var hasFailedTooOften = node.Failures >= policy.BreakerFailures;
        var ended = hasFailedTooOften
            ? node.Move(BurstNodeState.Quarantined, BurstNodeCause.RepeatedFailure, writer.Now, steps, $"{node.Failures} failures in a row; Repair-StratusBurst releases it")
            : node.Move(BurstNodeState.Terminated, BurstNodeCause.Removed, writer.Now, steps);
        writer.Save(ended, steps);
    }
}
