using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The site's bursts: how it grows onto other hosts while demand peaks, and shrinks back.</summary>
public sealed class BurstService
{
    private readonly BurstLedger _ledger;
    private readonly Func<BurstMachines> _machines;
    private readonly HostRegistry _hosts;
    private readonly string _holder;
    private readonly TimeProvider _clock;
    private readonly Func<BurstCheck> _check;

    internal BurstService(BurstLedger ledger, Func<BurstMachines> machines, Func<BurstCheck> check, HostRegistry hosts, string owner, TimeProvider clock)
    {
        _check = check;
        _ledger = ledger;
        _machines = machines;
        _hosts = hosts;
        _holder = $"{owner}, process {Environment.ProcessId}";
        _clock = clock;
    }

    /// <summary>The rows in the catalogue.</summary>
    internal BurstLedger Ledger => _ledger;

    /// <summary>
    /// Takes control of a burst, making it if it is not there; nodes that it has stay and are looked after. Dispose the controller to let it go:
    /// nodes stay as they are then. A stop that was asked for before, and has not come to its end, goes on; a burst that has stopped grows again.
    /// </summary>
    /// <exception cref="InvalidInputException">The name, the policy or a class is wrong; <c>BurstBudgetMissing</c>: it has no daily budget.</exception>
    /// <exception cref="StratusException">
    /// <c>BurstHeld</c>: another controller has it; <c>BurstHasNodes</c>: it has nodes on another host; <c>HostNotFound</c>.
    /// </exception>
    public async Task<BurstController> StartAsync(BurstOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        BurstDefinitionValidation.Check(options.Definition);
        await _hosts.ConnectAsync(options.Definition.HostName, cancellationToken).ConfigureAwait(false);
        var tenure = await _ledger.TakeAsync(options.Definition, _holder, cancellationToken).ConfigureAwait(false);
        return Control(options, tenure);
    }

    /// <summary>Bursts as they stand, by name.</summary>
    public async IAsyncEnumerable<BurstStatus> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var status in await _ledger.ListAsync(cancellationToken).ConfigureAwait(false)) yield return status;
    }

    /// <summary>Nodes of a burst, by name.</summary>
    /// <param name="name">The burst.</param>
    /// <param name="withHistory">Also lives that are over.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async IAsyncEnumerable<BurstNodeRecord> ListNodesAsync(string name, bool withHistory = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (string, int)? after = null;
        while (true)
        {
            var page = await _ledger.ListNodesAsync(name, withHistory, after, cancellationToken).ConfigureAwait(false);
            foreach (var node in page)
                if (withHistory || !node.HasEnded || node.State is BurstNodeState.Quarantined) yield return node;
            if (page.Count == 0) yield break;
            after = (page[^1].Name, page[^1].Generation);
        }
    }

    /// <summary>What nodes of a burst went through and why, the newest first.</summary>
    /// <param name="name">The burst.</param>
    /// <param name="node">Only this node; null for all.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async IAsyncEnumerable<BurstTransition> ListTransitionsAsync(string name, string? node = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var before = long.MaxValue;
        while (true)
        {
            var page = await _ledger.ListTransitionsAsync(name, node, before, cancellationToken).ConfigureAwait(false);
            foreach (var (id, step) in page)
            {
                before = id;
                yield return step;
            }

            if (page.Count == 0) yield break;
        }
    }

    /// <summary>What was decided of each waiting job and idle node when the controller looked last, and why.</summary>
    public async IAsyncEnumerable<BurstPlanEntry> ListPlanAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var entry in await _ledger.ReadPlanAsync(name, cancellationToken).ConfigureAwait(false)) yield return entry;
    }

    /// <summary>Asks a burst's controller, in whichever process, to drain it or to end it at once; it does so at its next look.</summary>
    /// <param name="name">The burst.</param>
    /// <param name="force">Whether running jobs are ended with their nodes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusException"><c>BurstNotFound</c>.</exception>
    public Task StopAsync(string name, bool force = false, CancellationToken cancellationToken = default) =>
        _ledger.AskAsync(name, force ? BurstRunState.Ending : BurstRunState.Draining, cancellationToken);

    /// <summary>
    /// Takes control of a burst that nobody controls, in order to bring a stop to its end: as <see cref="StartAsync"/>, but the burst does not grow again.
    /// </summary>
    /// <param name="options">With what; the definition's name counts, the rest of it is what the ledger has.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusException"><c>BurstHeld</c>, <c>BurstNotFound</c>.</exception>
    public async Task<BurstController> ResumeStopAsync(BurstOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tenure = await _ledger.TakeAsync(options.Definition.Name, _holder, cancellationToken).ConfigureAwait(false);
        return Control(options, tenure);
    }

    /// <summary>Changes what may be spent in a day; it holds from the controller's next look on. Below what is spent: nothing more is let on, and free nodes go.</summary>
    /// <exception cref="StratusException"><c>BurstNotFound</c>; <c>InvalidBurstPolicy</c>: it is not more than 0.</exception>
    public Task SetBudgetAsync(string name, decimal dailyBudget, CancellationToken cancellationToken = default)
    {
        (BurstPolicy.PredictedWait with { DailyBudget = dailyBudget }).Validate();
        return _ledger.SetBudgetAsync(name, dailyBudget, cancellationToken);
    }

    /// <summary>Checks what a burst needs, one result per check.</summary>
    /// <param name="options">What is to be checked.</param>
    /// <param name="canary">Whether one node is launched, seen to run, and removed: it costs what it costs.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public IAsyncEnumerable<HostCheck> TestAsync(BurstOptions options, bool canary = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _check().RunAsync(options, canary, cancellationToken);
    }

    /// <summary>Forgets failures of a burst that nobody controls, or that this call can take: closed classes, nodes in quarantine, a halt after a refusal.</summary>
    /// <returns>Nodes that were released from quarantine.</returns>
    /// <exception cref="StratusException"><c>BurstHeld</c>: stop its controller first; <c>BurstNotFound</c>.</exception>
    public async Task<IReadOnlyList<BurstNodeRecord>> RepairAsync(string name, CancellationToken cancellationToken = default)
    {
        var tenure = await _ledger.TakeAsync(name, _holder, cancellationToken).ConfigureAwait(false);
        try
        {
            return await _ledger.WriteAsync(tenure, Repair, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await _ledger.ReleaseAsync(tenure).ConfigureAwait(false);
        }
    }

    private static List<BurstNodeRecord> Repair(LedgerWriter writer)
    {
        writer.ClearFailures();
        var released = new List<BurstNodeRecord>();
        foreach (var node in writer.Read().Nodes.Where(n => n.State is BurstNodeState.Quarantined))
        {
            var steps = new List<BurstTransition>();
            released.Add(writer.Save(node.Move(BurstNodeState.Terminated, BurstNodeCause.Released, writer.Now, steps) with { Failures = 0 }, steps));
        }

        return released;
    }

    private BurstController Control(BurstOptions options, BurstTenure tenure) =>
        new(options, _ledger, tenure, _machines(), new BurstOffers(_hosts, _clock), _clock);
}
