using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// Grows a centre onto burst nodes and shrinks it back. Looks at the batch system, the host and the ledger, decides by the policy, and does what
/// follows, each intent written before its effect: it may end at any point, and the next controller goes on from there. One controller at a time
/// has a burst; one that has lost it changes nothing more.
/// </summary>
public sealed partial class BurstController : IAsyncDisposable
{
    private const int PlanLimit = 1_000;
    private static readonly TimeSpan RequestPause = TimeSpan.FromSeconds(1);

    private readonly BurstOptions _options;
    private readonly BurstLedger _ledger;
    private readonly BurstTenure _tenure;
    private readonly BurstMachines _machines;
    private readonly BurstOffers _offers;
    private readonly TimeProvider _clock;
    private readonly List<string> _problems = [];
    private readonly List<BurstTransition> _transitions = [];
    private DateTimeOffset? _listedAt;
    private DateTimeOffset? _prunedAt;
    private DateTimeOffset? _plannedAt;
    private int? _strays;
    private bool _isLost;

    internal BurstController(BurstOptions options, BurstLedger ledger, BurstTenure tenure, BurstMachines machines, BurstOffers offers, TimeProvider clock)
    {
        _options = options;
        _ledger = ledger;
        _tenure = tenure;
        _machines = machines;
        _offers = offers;
        _clock = clock;
    }

    /// <summary>The burst.</summary>
    public string Name => _options.Definition.Name;

    private IBatchSystem Batch => _options.BatchSystem;

    /// <summary>Looks again and again until the burst was stopped and has no nodes, or until cancelled; then nodes stay as they are.</summary>
    /// <param name="cancellationToken">Ends the loop.</param>
    /// <returns>Each look after it was done; the next one waits until this one was read.</returns>
    /// <exception cref="StratusException"><c>BurstTenureLost</c>: another controller has taken over.</exception>
    public async IAsyncEnumerable<BurstTick> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var tick = await TickAsync(cancellationToken).ConfigureAwait(false);
            yield return tick;
            if (tick is { State: BurstRunState.Stopped, NodeCount: 0 }) yield break;
            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="WatchAsync"/>, for those who need not know.</summary>
    /// <inheritdoc cref="WatchAsync" path="/exception"/>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var _ in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    /// <summary>Looks once, and does what follows. For embedders that have a loop of their own; not safe for concurrent use.</summary>
    /// <exception cref="StratusException"><c>BurstTenureLost</c>: another controller has taken over, and this one changes nothing more.</exception>
    public async Task<BurstTick> TickAsync(CancellationToken cancellationToken = default)
    {
        if (_isLost) throw BurstErrors.IsLost(Name, null);
        _problems.Clear();
        _transitions.Clear();
        _strays = null;
        IReadOnlyList<BurstDecision> decisions = [];
        BatchSnapshot? snapshot = null;
        try
        {
            // The first write of a look is where a lost tenure and a full disk show, before anything else is done.
            await WriteAsync(_ => 0, cancellationToken).ConfigureAwait(false);

            // Nodes of a controller that has ended may not have long any more, and a host may take minutes for its part of a look.
            await RenewLeasesAsync(cancellationToken).ConfigureAwait(false);

            // Requests before the queue, which then has the jobs that they are for. What is asked for meanwhile is for the next look.
            var requests = await ReadRequestsAsync(cancellationToken).ConfigureAwait(false);
            snapshot = await ReadBatchAsync(cancellationToken).ConfigureAwait(false);
            await AdvanceAsync(snapshot, requests, cancellationToken).ConfigureAwait(false);
            if (snapshot is not null) decisions = await DecideAsync(snapshot, cancellationToken).ConfigureAwait(false);
            await LaunchAsync(snapshot, cancellationToken).ConfigureAwait(false);
            await RenewLeasesAsync(cancellationToken).ConfigureAwait(false);
            return await FinishAsync(snapshot, decisions, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (e.ErrorId is BurstErrors.TenureLost)
        {
            _isLost = true;
            throw;
        }
        catch (StratusException e)
        {
            // Such as a ledger that cannot be written: nothing that was not written is done, and the next look goes on.
            _problems.Add(e.Message);
            return await TellAsync(snapshot, decisions, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the burst go, so that another controller can take it at once; nodes stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isLost) return;
        _isLost = true;
        try
        {
            await _ledger.ReleaseAsync(_tenure).ConfigureAwait(false);
        }
        catch (StratusException)
        {
            // Its tenure ends by itself in a minute.
        }
    }

    private async Task<T> WriteAsync<T>(Func<LedgerWriter, T> write, CancellationToken cancellationToken)
    {
        LedgerWriter? writer = null;
        var result = await _ledger.WriteAsync(_tenure, w => write(writer = w), cancellationToken).ConfigureAwait(false);
        _transitions.AddRange(writer!.Steps);
        return result;
    }

    private Task<LedgerState> ReadAsync(CancellationToken cancellationToken) => _ledger.ReadAsync(Name, cancellationToken);

    private async Task<BatchSnapshot?> ReadBatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Batch.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            _problems.Add($"The batch system cannot be asked; nothing is decided and nodes are kept. {e.Message}");
            return null;
        }
    }

    private async Task<BurstTick> FinishAsync(BatchSnapshot? snapshot, IReadOnlyList<BurstDecision> decisions, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var mayStop = state.State is not BurstRunState.Running && state.Nodes.All(n => n.HasEnded) && _strays == 0
            && (snapshot is null ? state.State is BurstRunState.Ending : state.Grants.Count == 0 && !HasJobsOn(state, snapshot));

        // A removal that took effect without a reply is still open in the site's journal.
        if (mayStop) await _machines.SettleAsync(state.Definition, cancellationToken).ConfigureAwait(false);

        // The whole plan is for people: it need not be written at every look.
        var writesPlan = snapshot is not null && (_plannedAt is not { } last || now - last >= state.Definition.Policy.Reconcile || decisions.Any(d => d.Kind is BurstDecisionKind.AllowOnBurst));
        if (writesPlan) _plannedAt = now;
        List<BurstPlanEntry>? plan = writesPlan
            ? [.. decisions.Where(d => d.Kind is not (BurstDecisionKind.Launch or BurstDecisionKind.Warn)).Take(PlanLimit).Select(d => BurstPlanEntry.Of(Name, d, now))]
            : null;
        await WriteAsync(
            w =>
            {
                if (mayStop) w.Stop();
                w.Report(_problems.Count == 0 ? null : string.Join(' ', _problems.Distinct(StringComparer.Ordinal).Take(5)), plan);
                return 0;
            },
            cancellationToken).ConfigureAwait(false);
        if (_prunedAt is not { } pruned || now - pruned >= TimeSpan.FromHours(1))
        {
            _prunedAt = now;
            await _ledger.PruneAsync(Name, cancellationToken).ConfigureAwait(false);
        }

        return await TellAsync(snapshot, decisions, cancellationToken).ConfigureAwait(false);
    }

    // Jobs that were let on, and have not been taken back or ended.
    private static bool HasJobsOn(LedgerState state, BatchSnapshot snapshot)
    {
        var policy = state.Definition.Policy;
        if (policy.Mode is not BurstMode.Pull) return false;
        var names = state.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return snapshot.Jobs.Any(j => j.Partitions.Contains(policy.BurstPartition, StringComparer.Ordinal) && j.Partitions.Contains(policy.LocalPartition, StringComparer.Ordinal)
            && (j.Nodes.Count == 0 || j.Nodes.Any(names.Contains)));
    }

    private async Task<BurstTick> TellAsync(BatchSnapshot? snapshot, IReadOnlyList<BurstDecision> decisions, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return new BurstTick
        {
            At = now,
            State = state.State,
            Decisions = decisions,
            Transitions = [.. _transitions],
            NodeCount = state.Nodes.Count(n => !n.HasEnded),
            ReadyCount = state.Nodes.Count(n => n.State is BurstNodeState.Registered or BurstNodeState.Idle or BurstNodeState.Active),
            PendingJobs = snapshot?.Jobs.Count(j => j.State is BatchJobState.Pending),
            Budget = state.BudgetAt(now),
            Problems = [.. _problems, .. state.Halted is { } halted ? [halted] : Array.Empty<string>()],
        };
    }

    // Until the next look is due, or the batch system asks for something; what it asks for is gathered for a moment.
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var policy = _options.Definition.Policy;
        if (_options.Requests is not { } requests || policy.Mode is BurstMode.Advise)
        {
            await Task.Delay(policy.Tick, _clock, cancellationToken).ConfigureAwait(false);
            return;
        }

        var end = _clock.GetUtcNow() + policy.Tick;
        while (_clock.GetUtcNow() < end)
        {
            await Task.Delay(RequestPause < policy.Tick ? RequestPause : policy.Tick, _clock, cancellationToken).ConfigureAwait(false);
            try
            {
                var seen = (await requests.ReadAsync(cancellationToken).ConfigureAwait(false)).Count;
                if (seen == 0) continue;
                await GatherAsync(requests, seen, policy, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (StratusException)
            {
                // The look tells.
                return;
            }
        }
    }

    private async Task GatherAsync(IBurstRequests requests, int seen, BurstPolicy policy, CancellationToken cancellationToken)
    {
        var end = _clock.GetUtcNow() + policy.LaunchWindowMax;
        while (policy.LaunchWindow > TimeSpan.Zero && _clock.GetUtcNow() < end)
        {
            await Task.Delay(policy.LaunchWindow, _clock, cancellationToken).ConfigureAwait(false);
            var more = (await requests.ReadAsync(cancellationToken).ConfigureAwait(false)).Count;
            if (more <= seen) return;
            seen = more;
        }
    }
}
