namespace StratusLab.Core;

/// <summary>
/// What runs VMs behind one host URI. An instance serves one host, is safe for concurrent use, and reconnects by itself.
/// </summary>
/// <remarks>
/// Calls that take a batch stream one outcome per item, in the order in which they happen; one item's failure is that item's
/// outcome and never stops the others. A call throws only where nothing at all could be done: no connection, no authentication.
/// Cancellation stops the batch; items already done keep their outcome, and the rest can be looked up by their ids.
/// Failures are <see cref="StratusException"/>s.
/// </remarks>
public interface IComputeProvider : IAsyncDisposable
{
    /// <summary>What this host can do beyond this interface. Each flag is kept by an interface or refused with its name.</summary>
    ProviderCapabilities Capabilities { get; }

    /// <summary>Capacity, use, health and versions of the host.</summary>
    Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default);

    /// <summary>Checks what the host needs in order to do its work, one result per check; changes nothing that outlives the call.</summary>
    IAsyncEnumerable<HostCheck> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>The host's VMs, filtered at the far end as far as it can.</summary>
    IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, CancellationToken cancellationToken = default);

    /// <summary>The identity that the VM of a request has, or would have, where the host lets it be known before; else null.</summary>
    VmId? IdentityOf(Guid requestId);

    /// <summary>Creates and starts VMs. Idempotent per <see cref="VmRequest.RequestId"/>: a request repeated returns the VM that is there.</summary>
    IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Settles creations that were interrupted at any point: a VM that the host already knows is brought to run and returned;
    /// of one that it does not know every remainder is removed and the outcome carries neither a VM nor an error.
    /// </summary>
    IAsyncEnumerable<VmOutcome> RecoverAsync(IReadOnlyList<VmRequest> interrupted, CancellationToken cancellationToken = default);

    /// <summary>Changes the power state. Asking for the state that is there is a success.</summary>
    IAsyncEnumerable<VmOutcome> ChangePowerAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken = default);

    /// <summary>Replaces labels and expiry.</summary>
    Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes VMs and everything that was made for them. Idempotent: of a VM that is gone, what was left over is removed.
    /// A VM that StratusLab did not make is refused.
    /// </summary>
    IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default);

    /// <summary>Changes as they happen, until cancelled.</summary>
    IAsyncEnumerable<VmEvent> WatchAsync(CancellationToken cancellationToken = default);
}
