using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Changes power states. Asking for the state that is there is a success.</summary>
internal sealed class VmPower(HostConnection host)
{
    private const int Parallelism = 8;

    public async IAsyncEnumerable<VmOutcome> ChangeAsync(IReadOnlyList<VmId> vms, PowerAction action, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (vms.Count == 0) yield break;
        await host.GetAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var outcome in Batch.RunAsync(vms, Parallelism, (vm, ct) => SettleAsync(vm, action, ct), cancellationToken).ConfigureAwait(false))
            yield return outcome;
    }

    /// <summary>Cuts the power; a domain that is off already is a success.</summary>
    public static async Task CutAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Domains.DestroyAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.OperationInvalid or LibvirtErrorCode.NoDomain)
        {
            // It is not running, or was gone when it stopped.
        }
    }

    private async Task<VmOutcome> SettleAsync(VmId vm, PowerAction action, CancellationToken cancellationToken)
    {
        var outcome = new VmOutcome { Id = vm };
        try
        {
            var changed = await host.WithinPatienceAsync((connection, ct) => ChangeOneAsync(connection, vm, action, ct), TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            return outcome with { Vm = changed };
        }
        catch (StratusException e)
        {
            return outcome with { Error = e };
        }
    }

    private async Task<VirtualMachine> ChangeOneAsync(LibvirtConnection connection, VmId vm, PowerAction action, CancellationToken cancellationToken)
    {
        var (domain, view) = await DomainLookup.RequireManagedAsync(host.Definition, connection, vm.Key, cancellationToken).ConfigureAwait(false);
        var before = (await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false)).State;
        try
        {
            if (!IsThere(before, action)) await ApplyAsync(connection, domain, before, action, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.OperationInvalid)
        {
            // It may have come there by itself meanwhile, as a guest does that was asked to shut down before.
            if (!IsThere((await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false)).State, action)) throw;
        }

        var after = await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false);
        var state = VmView.StateOf(after.State);
        return VmView.Of(host.Definition.Name, view, state, state == VmState.Running ? await new AddressBook(connection, cancellationToken).FindAsync(view).ConfigureAwait(false) : []);
    }

    private static bool IsThere(DomainState state, PowerAction action)
    {
        var isOff = state is DomainState.ShutOff or DomainState.Crashed;
        return action switch
        {
            PowerAction.Start => state is DomainState.Running or DomainState.Blocked,
            PowerAction.Shutdown => isOff || state == DomainState.ShuttingDown,
            PowerAction.PowerOff => isOff,
            PowerAction.Suspend => state == DomainState.Paused,
            PowerAction.Resume => state is DomainState.Running or DomainState.Blocked,
            _ => false,
        };
    }

    private async Task ApplyAsync(LibvirtConnection connection, DomainRef domain, DomainState state, PowerAction action, CancellationToken cancellationToken)
    {
        var domains = connection.Domains;
        var isOff = state is DomainState.ShutOff or DomainState.Crashed;
        if (isOff && action != PowerAction.Start) throw WrongState(domain, "is off", "Start it instead.");
        switch (action)
        {
            case PowerAction.Start when state == DomainState.Paused:
                throw WrongState(domain, "is suspended", "Resume it instead.");
            case PowerAction.Start:
                await domains.StartAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.Shutdown or PowerAction.Reboot when state == DomainState.Paused:
                throw WrongState(domain, "is suspended and cannot hear this", "Resume it first.");
            case PowerAction.Shutdown:
                await domains.ShutdownAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.PowerOff:
                await CutAsync(connection, domain, cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.Reboot:
                await domains.RebootAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.Reset:
                await domains.ResetAsync(domain, cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.Suspend:
                await domains.SuspendAsync(domain, cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.Resume:
                await domains.ResumeAsync(domain, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "Not a power action.");
        }
    }

    private StratusException WrongState(DomainRef domain, string what, string advice) =>
        new("VmStateInvalid", StratusErrorKind.InvalidState, $"VM '{domain.Name}' {what}. {advice}") { Resource = $"{host.Definition.Name}/{domain.Name}" };
}
