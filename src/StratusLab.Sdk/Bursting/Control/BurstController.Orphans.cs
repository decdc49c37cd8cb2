using StratusLab.Core;

namespace StratusLab.Sdk;

public sealed partial class BurstController
{
    private readonly Dictionary<VmId, DateTimeOffset> _reapedAt = [];

    // VMs with the burst's marks that no living node of the ledger has.
    private async Task AdoptOrReapAsync(IReadOnlyList<VirtualMachine> machines, BatchSnapshot? snapshot, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var policy = state.Definition.Policy;
        var now = _clock.GetUtcNow();
        var keys = state.Nodes.Where(n => !n.HasEnded && n.Vm is not null).Select(n => n.Vm!.Value.Key).ToHashSet(StringComparer.Ordinal);
        var requests = state.Nodes.Where(n => !n.HasEnded && n.RequestId is not null).Select(n => n.RequestId!.Value).ToHashSet();
        var orphans = machines
            .Where(vm => !keys.Contains(vm.Id.Key) && vm.RequestId is { } request && !requests.Contains(request))
            .ToList();
        _strays = orphans.Count;
        foreach (var vm in _reapedAt.Keys.Except(orphans.Select(o => o.Id)).ToList()) _reapedAt.Remove(vm);
        orphans.RemoveAll(vm => now - Later(vm.CreatedAt ?? DateTimeOffset.MinValue, _reapedAt.GetValueOrDefault(vm.Id)) < policy.OrphanGrace);
        if (orphans.Count == 0) return;

        var launched = await _ledger.FindLaunchesAsync(Name, [.. orphans.Select(o => o.RequestId!.Value)], cancellationToken).ConfigureAwait(false);
        var classes = BurstClasses.Of(state.Definition, snapshot);
        var offers = state.State is BurstRunState.Running && snapshot is not null ? await ListOffersAsync(state, classes, cancellationToken).ConfigureAwait(false) : [];
        var reap = new List<VirtualMachine>();
        foreach (var vm in orphans)
        {
            // What the ledger has given up is never taken back: only what it never knew.
            var offer = launched.ContainsKey(vm.RequestId!.Value) || vm.State is not (VmState.Running or VmState.Pending) ? null : OfferFor(vm, classes, offers);
            if (offer is not null && await WriteAsync(w => Adopt(w, vm, offer), cancellationToken).ConfigureAwait(false)) _strays--;
            else reap.Add(vm);
        }

        await ReapAsync(reap, launched, PriceOf, cancellationToken).ConfigureAwait(false);

        decimal PriceOf(VirtualMachine vm) => vm.HourlyPrice ?? OfferFor(vm, classes, offers)?.FullPricePerHour ?? BurstClasses.Find(classes, vm.Name)?.PricePerHour ?? state.Definition.PricePerHour;
    }

    private static BurstOffer? OfferFor(VirtualMachine vm, IReadOnlyList<BurstNodeClass> classes, IReadOnlyList<BurstOffer> offers)
    {
        var shape = BurstClasses.Find(classes, vm.Name);
        return shape is null ? null : offers.FirstOrDefault(o => o.NodeClass == shape.Name && (o.Market is VmMarket.Spot) == (vm.Market is VmMarket.Spot));
    }

    private bool Adopt(LedgerWriter writer, VirtualMachine vm, BurstOffer offer)
    {
        var state = writer.Read();
        var policy = state.Definition.Policy;
        var before = state.Nodes.Where(n => string.Equals(n.Name, vm.Name, StringComparison.OrdinalIgnoreCase)).MaxBy(n => n.Generation);
        if (state.State is not BurstRunState.Running || before is { HasEnded: false } or { State: BurstNodeState.Quarantined }) return false;
        if (state.Nodes.Count(n => !n.HasEnded) >= policy.MaxNodes) return false;
        var steps = new List<BurstTransition>();
        var node = new BurstNodeRecord
        {
            Burst = Name,
            Name = vm.Name,
            Generation = (before?.Generation ?? 0) + 1,
            NodeClass = offer.NodeClass,
            Market = offer.Market,
            State = BurstNodeState.Orphan,
            Cause = BurstNodeCause.FoundUnknown,
            ChangedAt = writer.Now,
            WantedAt = writer.Now,
            RequestId = vm.RequestId,
            Vm = vm.Id,
            LaunchedAt = vm.CreatedAt < writer.Now ? vm.CreatedAt : writer.Now,
            CommittedUntil = writer.Now + policy.BootTimeout + policy.IdleHold + new BurstNodeLife(policy).GiveBackTime,
        };
        var price = Math.Max(offer.FullPricePerHour, vm.HourlyPrice ?? 0);
        if (!new LedgerAdmission(writer).AdmitPrice(node, price)) return false;
        node = (node with { PricePerHour = price }).Begin(steps).Move(BurstNodeState.Booting, BurstNodeCause.Adopted, writer.Now, steps);
        writer.Save(node, steps);
        return true;
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private async Task ReapAsync(
        List<VirtualMachine> reap, IReadOnlyDictionary<Guid, (string Node, int Generation)> launched, Func<VirtualMachine, decimal> priceOf, CancellationToken cancellationToken)
    {
        if (reap.Count == 0) return;
        await WriteAsync(
            w =>
            {
                foreach (var vm in reap.Where(vm => !_reapedAt.ContainsKey(vm.Id)))
                {
                    var found = new BurstTransition(vm.Name, GenerationOf(vm), null, BurstNodeState.Orphan, BurstNodeCause.FoundUnknown, vm.Id.ToString(), w.Now);
                    w.Note(found);
                    w.SettleStray(vm, found with { From = BurstNodeState.Orphan, To = BurstNodeState.Terminating, Cause = BurstNodeCause.Reaped }, priceOf(vm));
                }

                return 0;
            },
            cancellationToken).ConfigureAwait(false);

        // A host may list a VM for a while after it is gone.
        foreach (var vm in reap) _reapedAt[vm.Id] = _clock.GetUtcNow();
        var gone = new List<VirtualMachine>();
        try
        {
            await foreach (var outcome in _machines.RemoveAsync([.. reap.Select(vm => vm.Id)], cancellationToken).ConfigureAwait(false))
            {
                if (outcome.Error is { Kind: not StratusErrorKind.NotFound } error) _problems.Add($"A VM that no node has is not removed yet: {error.Message}");
                else if (reap.Find(vm => vm.Id == outcome.Id) is { } vm) gone.Add(vm);
            }
        }
        catch (StratusException e) when (!IsOwn(e))
        {
            _problems.Add($"VMs that no node has are not removed yet: {e.Message}");
        }

        if (gone.Count == 0) return;
        await WriteAsync(
            w =>
            {
                foreach (var vm in gone)
                    w.SettleStray(vm, new BurstTransition(vm.Name, GenerationOf(vm), BurstNodeState.Terminating, BurstNodeState.Terminated, BurstNodeCause.Removed, vm.Id.ToString(), w.Now), priceOf(vm));
                return 0;
            },
            cancellationToken).ConfigureAwait(false);

        int GenerationOf(VirtualMachine vm) => launched.TryGetValue(vm.RequestId!.Value, out var life) ? life.Generation : 0;
    }
}
