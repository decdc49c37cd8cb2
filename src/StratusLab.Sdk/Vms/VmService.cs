using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The VMs of a site, on all its hosts as if they were one.</summary>
/// <remarks>Calls on many VMs stream one outcome per VM as it happens; one VM's failure is its outcome and never stops the others.</remarks>
public sealed class VmService
{
    private readonly HostRegistry _hosts;
    private readonly ImageLibrary _images;
    private readonly ImageTrust _trust;
    private readonly SiteJournal _journal;
    private readonly SiteRecovery _recovery;
    private readonly VmPlanner _planner;
    private readonly VmLister _lister;
    private readonly VmPower _power;
    private readonly VmWaiter _waiter;
    private readonly KnownHosts _knownHosts;

    internal VmService(
        HostRegistry hosts, ImageLibrary images, ImageTrust trust, SiteJournal journal, SiteRecovery recovery, VmPlanner planner, VmWaiter waiter, KnownHosts knownHosts)
    {
        _hosts = hosts;
        _images = images;
        _trust = trust;
        _journal = journal;
        _recovery = recovery;
        _planner = planner;
        _lister = new VmLister(hosts);
        _power = new VmPower(hosts, waiter);
        _waiter = waiter;
        _knownHosts = knownHosts;
    }

    /// <summary>
    /// Checks everything about a specification and finds a host for each VM; changes nothing. What is wrong with all VMs throws;
    /// what is wrong with one (its name is taken or invalid, there is no room for it) is in <see cref="VmPlan.Refused"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">A figure, ssh key, label, user data or network configuration is wrong.</exception>
    /// <exception cref="StratusException"><c>ImageNotFound</c>, <c>SizeNotFound</c>, <c>HostNotFound</c>, <c>NoHosts</c>.</exception>
    /// <exception cref="ImageRefusedException">The image may not be launched.</exception>
    public Task<VmPlan> PlanAsync(VmSpecification specification, CancellationToken cancellationToken = default) =>
        _planner.PlanAsync(specification, cancellationToken);

    /// <summary>
    /// Creates and starts planned VMs: asks once more whether their images may be launched, writes the journal, sees to the image on each host, creates. Cancellation and the end of the
    /// enumeration stop the work; what was under way is then looked up for a short while and settled, else left in the journal for the next start.
    /// </summary>
    public async IAsyncEnumerable<VmOutcome> CreateAsync(
        IReadOnlyList<PlannedVm> vms,
        IProgress<SiteProgress>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (vms.Count == 0) yield break;
        var meter = new ProgressMeter(progress, "Creating VMs", vms.Count);
        var refusals = await AskTrustAsync(vms, cancellationToken).ConfigureAwait(false);
        foreach (var vm in vms.Where(v => refusals.ContainsKey(v.Request.Image)))
        {
            meter.Step();
            yield return new VmOutcome { Id = null, RequestId = vm.Request.RequestId, Error = refusals[vm.Request.Image] };
        }

        vms = [.. vms.Where(v => !refusals.ContainsKey(v.Request.Image))];
        if (vms.Count == 0) yield break;
        await _recovery.SettleAsync([.. vms.Select(v => v.Host).Distinct()], cancellationToken).ConfigureAwait(false);
        var admission = new Admission(vms);
        var entries = await _journal.OpenAsync(admission, cancellationToken).ConfigureAwait(false);
        var byHost = entries.Zip(admission.Admitted, (e, v) => (Entry: e, v.Request)).ToLookup(i => i.Entry.Host, StringComparer.OrdinalIgnoreCase);
        var workers = byHost.Select(group => Worker(group.Key, provider =>
            ct => new HostCreation(provider, group.Key, _images).RunAsync([.. group], meter, ct), [.. group.Select(i => i.Entry)]));
        await foreach (var result in new JournalledRun(_journal, entries).RunAsync([.. workers], LookUp, cancellationToken).ConfigureAwait(false))
        {
            meter.Step();
            yield return result.Outcome with { RequestId = result.Entry.RequestId };
        }

        foreach (var (vm, error) in admission.Refused)
        {
            meter.Step();
            yield return new VmOutcome { Id = null, RequestId = vm.Request.RequestId, Error = error };
        }

        IAsyncEnumerable<HostResult> LookUp(IReadOnlyList<JournalEntry> open, CancellationToken ct) => FanOut.RunAsync(
            [.. open.GroupBy(e => e.Host, StringComparer.OrdinalIgnoreCase).Select(group => Worker(group.Key, provider =>
                token => new HostCreation(provider, group.Key, _images).RecoverAsync([.. group.Select(e => (e, SiteJournal.RequestOf(e)))], token), [.. group]))],
            cancellationToken: ct);
    }

    /// <summary>The VMs of all hosts, asked at once, in the order in which the hosts answer.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="hostError">Told of each host that could not be asked; the others go on. Without it such a host throws after the others are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public IAsyncEnumerable<VirtualMachine> ListAsync(
        VmFilter filter,
        Action<StratusException>? hostError = null,
        CancellationToken cancellationToken = default) => _lister.ListAsync(filter, hostError, cancellationToken);

    /// <summary>Changes the power state; see <see cref="PowerAction"/>.</summary>
    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(
        IReadOnlyList<VmId> vms,
        PowerAction action,
        CancellationToken cancellationToken = default) => _power.ChangeAsync(vms, action, cancellationToken);

    /// <summary>Asks guests to shut down, waits for them, and cuts the power of those that did not only if so asked.</summary>
    public IAsyncEnumerable<VmOutcome> StopAsync(
        IReadOnlyList<VmId> vms,
        StopOptions options,
        CancellationToken cancellationToken = default) => _power.StopAsync(vms, options, cancellationToken);

    /// <summary>Removes VMs and everything made for them, journalled.</summary>
    public async IAsyncEnumerable<VmOutcome> RemoveAsync(
        IReadOnlyList<VmId> vms,
        DeleteOptions options,
        IProgress<SiteProgress>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (vms.Count == 0) yield break;
        VmPower.CheckTimeout(options.ShutdownTimeout);
        var ids = vms.Distinct().ToList();
        await _recovery.SettleAsync([.. ids.Select(v => v.Host).Distinct()], cancellationToken).ConfigureAwait(false);
        var entries = await _journal.OpenAsync([.. ids.Select(id => JournalIntent.Delete(id, options))], cancellationToken).ConfigureAwait(false);
        var meter = new ProgressMeter(progress, "Removing VMs", ids.Count);
        var workers = entries.GroupBy(e => e.Host, StringComparer.OrdinalIgnoreCase).Select(group => Worker(group.Key, provider =>
            ct => new HostDeletion(provider, group.Key).RunAsync([.. group.Select(e => (e, SiteJournal.DeletionOf(e)))], ct), [.. group]));
        await foreach (var result in new JournalledRun(_journal, entries).RunAsync([.. workers], NoLookUp, cancellationToken).ConfigureAwait(false))
        {
            if (result.State == JournalState.Done) _knownHosts.Forget(new VmId(result.Entry.Host, result.Entry.Target));
            meter.Step();
            yield return result.Outcome;
        }

        // A removal that was cut short is carried through at the next start, as it was meant.
        static IAsyncEnumerable<HostResult> NoLookUp(IReadOnlyList<JournalEntry> open, CancellationToken ct) => AsyncEnumerable.Empty<HostResult>();
    }

    /// <summary>Replaces labels and expiry.</summary>
    /// <exception cref="InvalidInputException">A label is not valid.</exception>
    /// <exception cref="StratusException"><c>VmNotFound</c>, <c>HostNotFound</c>.</exception>
    public async Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default)
    {
        if (change.Labels is { } labels) LabelValidation.Validate(labels);
        var provider = await _hosts.ConnectAsync(vm.Host, cancellationToken).ConfigureAwait(false);
        return await provider.UpdateAsync(vm, change, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until each VM fulfils a condition. A VM that does not in time has an outcome that says what is missing.</summary>
    /// <param name="vms">The VMs.</param>
    /// <param name="condition">What to wait for.</param>
    /// <param name="timeout">How long, for all of them together.</param>
    /// <param name="progress">Told after each change.</param>
    /// <param name="access">How guests are entered for <see cref="VmCondition.CloudInit"/>; null for the agent, or ssh with the user's own keys.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public IAsyncEnumerable<VmOutcome> WaitAsync(
        IReadOnlyList<VmId> vms,
        VmCondition condition,
        TimeSpan timeout,
        IProgress<SiteProgress>? progress = null,
        GuestAccess? access = null,
        CancellationToken cancellationToken = default) => _waiter.WaitAsync(vms, condition, timeout, progress, access, cancellationToken);

    /// <summary>Opens a running VM's serial console, from now on.</summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>; <c>NotSupported</c> where the host has no consoles.</exception>
    public async Task<Stream> OpenConsoleAsync(VmId vm, CancellationToken cancellationToken = default) =>
        await (await ConsoleHostAsync(vm, ProviderCapabilities.Console, cancellationToken).ConfigureAwait(false)).OpenConsoleAsync(vm, cancellationToken).ConfigureAwait(false);

    /// <summary>What the guest has written to its serial console so far.</summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>; <c>NotSupported</c> where the host has no consoles.</exception>
    public async Task<Stream> OpenConsoleLogAsync(VmId vm, CancellationToken cancellationToken = default) =>
        await (await ConsoleHostAsync(vm, ProviderCapabilities.ConsoleLog, cancellationToken).ConfigureAwait(false)).OpenConsoleLogAsync(vm, cancellationToken).ConfigureAwait(false);

    private async Task<IConsoleHost> ConsoleHostAsync(VmId vm, ProviderCapabilities needed, CancellationToken cancellationToken)
    {
        var provider = await _hosts.ConnectAsync(vm.Host, cancellationToken).ConfigureAwait(false);
        return provider.Capabilities.HasFlag(needed) && provider is IConsoleHost consoles
            ? consoles
            : throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"Host '{vm.Host}' {(needed == ProviderCapabilities.Console ? "has no consoles" : "keeps no console logs")} (capability {needed}).") { Resource = vm.ToString() };
    }

    // The plan asked too, but others may have changed their minds since.
    private async Task<Dictionary<ImageDescriptor, StratusException>> AskTrustAsync(IReadOnlyList<PlannedVm> vms, CancellationToken cancellationToken)
    {
        var refusals = new Dictionary<ImageDescriptor, StratusException>();

        // The copy of a VM's disk is no launch of the image that the VM was made from long ago.
        foreach (var image in vms.Where(v => v.Request.CopyDiskOf is null).Select(v => v.Request.Image).Distinct())
        {
            try
            {
                await _trust.RequireAsync(image, cancellationToken).ConfigureAwait(false);
            }
            catch (StratusException e)
            {
                refusals.Add(image, e);
            }
        }

        return refusals;
    }

    // Writes the host's results; a host that cannot even be named fails its own entries only.
    private FanOut.Worker<HostResult> Worker(
        string host, Func<IComputeProvider, Func<CancellationToken, IAsyncEnumerable<HostResult>>> work, IReadOnlyList<JournalEntry> entries) => async (results, ct) =>
    {
        IComputeProvider provider;
        try
        {
            provider = await _hosts.ConnectAsync(host, ct).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            foreach (var entry in entries)
            {
                var id = entry.Kind == JournalKind.DeleteVm ? new VmId(host, entry.Target) : (VmId?)null;
                await results.WriteAsync(new HostResult(entry, new VmOutcome { Id = id, RequestId = entry.RequestId, Error = e }, JournalState.Failed), ct).ConfigureAwait(false);
            }

            return;
        }

        await foreach (var result in work(provider)(ct).ConfigureAwait(false)) await results.WriteAsync(result, ct).ConfigureAwait(false);
    };
}
