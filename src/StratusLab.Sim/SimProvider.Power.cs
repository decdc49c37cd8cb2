using StratusLab.Core;

namespace StratusLab.Sim;

internal sealed partial class SimProvider
{
    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vms);
        if (action is PowerAction.Suspend or PowerAction.Resume) Require(ProviderCapabilities.Suspend, "VMs can only be stopped and started");
        if (host.Faults.IsUnreachable) throw SimErrors.Unreachable(Name);
        return Batch.RunAsync(
            vms, (vm, cancel) => OutcomeAsync(new VmOutcome { Id = vm }, async () => await CallAsync(() => ChangePower(vm, action), cancel).ConfigureAwait(false)), cancellationToken);
    }

    public IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vms);
        ArgumentNullException.ThrowIfNull(options);
        if (host.Faults.IsUnreachable) throw SimErrors.Unreachable(Name);
        return Batch.RunAsync(vms, (vm, cancel) => OutcomeAsync(new VmOutcome { Id = vm }, () => DeleteOneAsync(vm, options, cancel)), cancellationToken);
    }

    private VirtualMachine ChangePower(VmId id, PowerAction action)
    {
        lock (host.Gate)
        {
            var vm = FindManaged(id);
            Apply(vm, action);
            return vm.ToVirtualMachine(Name);
        }
    }

    private void Apply(SimVm vm, PowerAction action)
    {
        switch (action, vm.State)
        {
            case (PowerAction.Start, VmState.Stopped):
                vm.PowerOn();
                break;
            case (PowerAction.Start, VmState.Suspended):
                throw SimErrors.InvalidState(vm.ToVirtualMachine(Name), action, "resume it");
            case (PowerAction.Shutdown, VmState.Suspended):
                throw SimErrors.InvalidState(vm.ToVirtualMachine(Name), action, "resume it first");
            case (PowerAction.Shutdown, _):
                vm.AskToShutDown();
                break;
            case (PowerAction.PowerOff, not VmState.Stopped):
                vm.CutPower();
                break;
            case (PowerAction.Reboot or PowerAction.Reset or PowerAction.Suspend or PowerAction.Resume, VmState.Stopped):
                throw SimErrors.InvalidState(vm.ToVirtualMachine(Name), action, "start it first");
            case (PowerAction.Reset, _):
            case (PowerAction.Reboot, VmState.Running) when !host.Settings.IgnoresAcpi:
                vm.Restart();
                break;
            case (PowerAction.Suspend, VmState.Running):
                vm.Suspend();
                break;
            case (PowerAction.Resume, VmState.Suspended):
                vm.Resume();
                break;
        }
    }

    private async Task<VirtualMachine?> DeleteOneAsync(VmId id, DeleteOptions options, CancellationToken cancellationToken)
    {
        if (!options.Force || options.ShutdownTimeout > TimeSpan.Zero) await ShutDownAsync(id, options, cancellationToken).ConfigureAwait(false);
        return await CallAsync(
            () =>
            {
                lock (host.Gate)
                {
                    if (host.Find(id.Key) is null) host.RemoveDisk(id.Key);
                    else host.Remove(FindManaged(id));
                    return (VirtualMachine?)null;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ShutDownAsync(VmId id, DeleteOptions options, CancellationToken cancellationToken)
    {
        Task off;
        lock (host.Gate)
        {
            if (host.Find(id.Key) is null) return;
            var vm = FindManaged(id);
            vm.AskToShutDown();
            off = vm.WhenOff;
        }

        try
        {
            await off.WaitAsync(options.ShutdownTimeout, host.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (options.Force)
        {
            // The caller allows the power to be cut, which removing does.
        }
        catch (TimeoutException e)
        {
            throw new StratusException(
                "ShutdownTimedOut", StratusErrorKind.Timeout, $"The guest of '{id}' has not shut down in {options.ShutdownTimeout.TotalSeconds:0.###} s and is kept: cut its power with Force.", e)
            {
                Resource = id.ToString(),
            };
        }
    }
}
