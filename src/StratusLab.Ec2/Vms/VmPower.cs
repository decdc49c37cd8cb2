using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Vms;

/// <summary>Changes the power state of VMs.</summary>
internal sealed class VmPower(IEc2Client ec2, VmInventory inventory, TimeProvider clock)
{
    // EC2 cuts the power of a guest that ignores a stop after some minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task<VirtualMachine> ChangeAsync(VirtualMachine vm, PowerAction action, CancellationToken cancellationToken = default)
    {
        switch (action)
        {
            case PowerAction.Start when vm.State is VmState.Stopped or VmState.Stopping:
                if (vm.State == VmState.Stopping) await StoppedAsync(vm, Patience, cancellationToken).ConfigureAwait(false);
                await ec2.SendAsync(new StartInstances { InstanceIds = [vm.Id.Key] }, cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.Shutdown when vm.State is not (VmState.Stopped or VmState.Stopping):
                await ec2.SendAsync(new StopInstances { InstanceIds = [vm.Id.Key] }, cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.PowerOff when vm.State != VmState.Stopped:
                await ec2.SendAsync(new StopInstances { InstanceIds = [vm.Id.Key], Force = true }, cancellationToken).ConfigureAwait(false);
                await StoppedAsync(vm, Patience, cancellationToken).ConfigureAwait(false);
                break;
            case PowerAction.Reboot or PowerAction.Reset when vm.State is VmState.Stopped or VmState.Stopping:
                throw VmErrors.InvalidState(vm, action);
            case PowerAction.Reboot or PowerAction.Reset:
                await ec2.SendAsync(new RebootInstances { InstanceIds = [vm.Id.Key] }, cancellationToken).ConfigureAwait(false);
                break;
        }

        var found = await inventory.FindAsync([vm.Id], cancellationToken).ConfigureAwait(false);
        return found.GetValueOrDefault(vm.Id.Key) ?? throw VmErrors.NotFound(vm.Id);
    }

    /// <summary>Waits until a VM is off or gone.</summary>
    /// <exception cref="StratusException">It is not in time.</exception>
    public async Task StoppedAsync(VirtualMachine vm, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var began = clock.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, TimeSpan.TicksPerSecond * 5)))
        {
            var found = await inventory.FindAsync([vm.Id], cancellationToken).ConfigureAwait(false);
            if (!found.TryGetValue(vm.Id.Key, out var now) || now.State == VmState.Stopped) return;
            if (clock.GetElapsedTime(began) + pause > patience) throw VmErrors.NotShutDown(vm, patience);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
