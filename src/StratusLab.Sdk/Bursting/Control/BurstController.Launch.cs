using StratusLab.Core;

namespace StratusLab.Sdk;

public sealed partial class BurstController
{
    private const int WriteBatch = 64;

    // Launches whose outcome nobody knows are asked for again, then those that wait.
    private async Task LaunchAsync(BatchSnapshot? snapshot, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.Definition.Policy.Mode is BurstMode.Advise) return;
        var replays = state.Nodes.Where(n => n.State is BurstNodeState.Launching).ToList();
        IReadOnlyList<BurstNodeRecord> chosen = state.State is BurstRunState.Running && state.Halted is null && snapshot is not null ? BurstBreaker.Choose(state) : [];
        if (replays.Count == 0 && chosen.Count == 0) return;
        var classes = BurstClasses.Of(state.Definition, snapshot).ToDictionary(c => c.Name, StringComparer.Ordinal);
        if (snapshot is null && replays.Exists(n => !classes.ContainsKey(n.NodeClass))) return;
        if (replays.Count > 0) await KeepWhileAsync(ct => _machines.SettleAsync(state.Definition, ct), cancellationToken).ConfigureAwait(false);
        var intended = chosen.Count == 0 ? [] : await WriteAsync(w => Intend(w, chosen), cancellationToken).ConfigureAwait(false);
        foreach (var group in replays.Concat(intended).GroupBy(n => (n.NodeClass, n.Market)))
        {
            // A class that is gone from the definition still has to be known for its launches to be settled.
            if (classes.TryGetValue(group.Key.NodeClass, out var shape)) await LaunchAsync(state.Definition, shape, [.. group], cancellationToken).ConfigureAwait(false);
            else _problems.Add($"The burst has no class '{group.Key.NodeClass}' any more; what became of {group.Count()} launches is not known. Start it with that class.");
        }
    }

    private List<BurstNodeRecord> Intend(LedgerWriter writer, IReadOnlyList<BurstNodeRecord> chosen)
    {
        var intended = new List<BurstNodeRecord>(chosen.Count);
        foreach (var node in chosen)
        {
            var steps = new List<BurstTransition>();
            var launching = node.Move(BurstNodeState.Launching, BurstNodeCause.LaunchIntended, writer.Now, steps) with { RequestId = _machines.RequestOf(node), LaunchedAt = writer.Now };
            intended.Add(writer.Save(launching, steps));
        }

        return intended;
    }

    private async Task LaunchAsync(BurstDefinition burst, BurstNodeClass shape, IReadOnlyList<BurstNodeRecord> nodes, CancellationToken cancellationToken)
    {
        var open = nodes.ToDictionary(n => n.RequestId!.Value);
        var known = new List<(BurstNodeRecord, VmOutcome)>();
        try
        {
            await foreach (var outcome in KeepWhileAsync(_machines.LaunchAsync(burst, shape, nodes, _options.UserData, cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                if (outcome.RequestId is not { } request || !open.Remove(request, out var node)) continue;
                known.Add((node, outcome));
                if (known.Count < WriteBatch) continue;
                await WriteAsync(w => Settle(w, known), cancellationToken).ConfigureAwait(false);
                known.Clear();
            }
        }
        catch (StratusException e) when (!IsOwn(e))
        {
            // What came of the others shows at the next look.
            _problems.Add($"Launching on host '{burst.HostName}': {e.Message}");
        }

        if (known.Count > 0) await WriteAsync(w => Settle(w, known), cancellationToken).ConfigureAwait(false);
    }

    private int Settle(LedgerWriter writer, IReadOnlyList<(BurstNodeRecord Node, VmOutcome Outcome)> outcomes)
    {
        var state = writer.Read();
        var policy = state.Definition.Policy;
        var backoffs = state.Backoffs.ToDictionary(b => (b.NodeClass, b.Zone, b.Market));
        foreach (var (node, outcome) in outcomes)
        {
            var steps = new List<BurstTransition>();
            if (outcome.Error is not { } error)
            {
                var vm = outcome.Vm;
                if ((vm?.Id ?? outcome.Id) is null) continue;
                var there = node.Move(BurstNodeState.Pending, BurstNodeCause.LaunchAccepted, writer.Now, steps) with
                {
                    Vm = vm?.Id ?? outcome.Id,
                    NodeAddress = vm?.IPAddress?.ToString(),
                    MachineType = vm?.MachineType,
                    Zone = vm?.Zone,
                };
                writer.Save(there, steps);
                continue;
            }

            _problems.Add($"Node '{node.Name}' is not launched: {error.Message}");
            _offers.Forget();
            if (BurstLaunchErrors.Judge(error) is not var (next, cause)) continue;
            var moved = node.Move(next, cause, writer.Now, steps, error.Message) with { LaunchedAt = null };
            if (next is BurstNodeState.CapacityFailed or BurstNodeState.QuotaFailed)
            {
                moved = moved with { CapacityFailures = node.CapacityFailures + 1 };
                var key = (node.NodeClass, string.Empty, node.Market);
                backoffs[key] = CapacityBackoff.After(backoffs.GetValueOrDefault(key), node.NodeClass, string.Empty, node.Market, policy, writer.Now);
                writer.Save(backoffs[key]);
            }

            if (cause is BurstNodeCause.LaunchRefused)
                writer.Halt($"Nothing is launched until it is mended: {error.Message} Then run Repair-StratusBurst '{Name}'.");
            if (cause is BurstNodeCause.GivenUp) writer.SaveFailures(node.NodeClass, writer.Read().Failures.GetValueOrDefault(node.NodeClass) + 1);
            writer.Save(moved, steps);
        }

        return 0;
    }

    // Nodes for which there was no machine: on demand where spot has none, else given up, so that the policy looks for another class at its next look.
    private Task<int> RerouteAsync(IReadOnlyList<BurstOffer> offers, CancellationToken cancellationToken) => WriteAsync(
        w =>
        {
            var state = w.Read();
            var policy = state.Definition.Policy;
            LedgerAdmission? admission = null;
            foreach (var node in state.Nodes.Where(n => n.State is BurstNodeState.CapacityFailed))
            {
                var steps = new List<BurstTransition>();
                var onDemand = offers.FirstOrDefault(o => o.NodeClass == node.NodeClass && o.Market is VmMarket.OnDemand);
                var same = offers.FirstOrDefault(o => o.NodeClass == node.NodeClass && o.Market == node.Market);
                var mayWait = node.Market is VmMarket.Spot && onDemand is not null;
                var isDue = node.CapacityFailures >= policy.OnDemandAfterFailures || w.Now - node.WantedAt >= policy.OnDemandAfter;
                var elsewhere = !node.IsNamedByBatchSystem && offers.Any(o => o.NodeClass != node.NodeClass && IsOpen(o, w.Now) && same is not null && o.Cpu >= same.Cpu && o.Memory >= same.Memory);
                var next = !mayWait || elsewhere ? null : isDue ? onDemand : same;
                if (mayWait && !elsewhere && (next is null || !IsOpen(next, w.Now)) && !isDue) continue;
                if (next is not null && IsOpen(next, w.Now) && (admission ??= new LedgerAdmission(w)).AdmitPrice(node, next.FullPricePerHour))
                {
                    var again = node.Move(BurstNodeState.Reserved, BurstNodeCause.Retry, w.Now, steps, next.ToString()) with
                    {
                        Attempt = node.Attempt + 1,
                        RequestId = null,
                        Market = next.Market,
                        PricePerHour = next.FullPricePerHour,
                    };
                    w.Save(again, steps);
                    continue;
                }

                w.Save(node.Move(BurstNodeState.Terminated, BurstNodeCause.GivenUp, w.Now, steps, node.Detail), steps);
            }

            return 0;
        },
        cancellationToken);

    private static bool IsOpen(BurstOffer offer, DateTimeOffset now) => offer.ClosedUntil is not { } until || until <= now;
}
