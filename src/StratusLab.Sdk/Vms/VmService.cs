using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The VMs of a site, on all its hosts as if they were one.</summary>
/// <remarks>Calls on many VMs stream one outcome per VM as it happens; one VM's failure is its outcome and never stops the others.</remarks>
public sealed class VmService
{
    internal VmService()
    {
    }

    /// <summary>
    /// Checks everything about a specification and finds a host for each VM; changes nothing. What is wrong with all VMs throws;
    /// what is wrong with one (its name is taken, there is no room for it) is in <see cref="VmPlan.Refused"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">A name, figure, ssh key, user data or network configuration is wrong.</exception>
    /// <exception cref="StratusException"><c>ImageNotFound</c>, <c>SizeNotFound</c>, <c>HostNotFound</c>, <c>NoHosts</c>.</exception>
    public Task<VmPlan> PlanAsync(VmSpecification specification, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// Creates and starts planned VMs: writes the journal, sees to the image on each host, creates. Cancellation and the end of the
    /// enumeration stop the work; what was under way is then looked up for a short while and settled, else left in the journal for the next start.
    /// </summary>
    public IAsyncEnumerable<VmOutcome> CreateAsync(
        IReadOnlyList<PlannedVm> vms,
        IProgress<SiteProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The VMs of all hosts, asked at once, in the order in which the hosts answer.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="hostError">Told of each host that could not be asked; the others go on. Without it such a host throws after the others are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public IAsyncEnumerable<VirtualMachine> ListAsync(
        VmFilter filter,
        Action<StratusException>? hostError = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Changes the power state; see <see cref="PowerAction"/>.</summary>
    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(
        IReadOnlyList<VmId> vms,
        PowerAction action,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Asks guests to shut down, waits for them, and cuts the power of those that did not only if so asked.</summary>
    public IAsyncEnumerable<VmOutcome> StopAsync(
        IReadOnlyList<VmId> vms,
        StopOptions options,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Removes VMs and everything made for them, journalled.</summary>
    public IAsyncEnumerable<VmOutcome> RemoveAsync(
        IReadOnlyList<VmId> vms,
        DeleteOptions options,
        IProgress<SiteProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Replaces labels and expiry.</summary>
    public Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default) => throw new NotImplementedException();

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
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Opens a running VM's serial console, from now on.</summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>; <c>NotSupported</c> where the host has no consoles.</exception>
    public Task<Stream> OpenConsoleAsync(VmId vm, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>What the guest has written to its serial console so far.</summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>; <c>NotSupported</c> where the host has no consoles.</exception>
    public Task<Stream> OpenConsoleLogAsync(VmId vm, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
