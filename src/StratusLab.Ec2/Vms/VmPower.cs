using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Vms;

/// <summary>Changes the power state of many VMs at once.</summary>
internal sealed class VmPower(IEc2Client ec2, VmInventory inventory, InstanceCalls instances, TimeProvider clock)
{
    // EC2 cuts the power of a guest that ignores a stop after some minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>One outcome per VM.</summary>
    public async IAsyncEnumerable<VmOutcome> ChangeAsync(IReadOnlyList<VirtualMachine> vms, PowerAction action, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var errors = new Dictionary<string, StratusException>(StringComparer.Ordinal);
        foreach (var vm in vms)
        {
            if (WhyNot(vm, action) is { } error) errors[vm.Id.Key] = error;
        }

        var possible = vms.Where(vm => !errors.ContainsKey(vm.Id.Key) && IsNeeded(vm, action)).ToList();
        if (action == PowerAction.Start) await NoteKeptAsync(possible.Where(vm => vm.State == VmState.Stopping)).ConfigureAwait(false);
        var asked = possible.Where(vm => !errors.ContainsKey(vm.Id.Key)).ToList();
        foreach (var (id, error) in await instances.RunAsync(asked.Select(vm => vm.Id.Key), (ids, cancel) => SendAsync(ids, action, cancel), cancellationToken).ConfigureAwait(false)) errors[id] = error;
        if (action == PowerAction.PowerOff) await NoteKeptAsync(asked.Where(vm => !errors.ContainsKey(vm.Id.Key))).ConfigureAwait(false);

        var now = await inventory.SearchAsync(vms.Select(vm => vm.Id.Key).Where(id => !errors.ContainsKey(id)), cancellationToken).ConfigureAwait(false);
        foreach (var vm in vms)
        {
            var error = errors.GetValueOrDefault(vm.Id.Key);
            var seen = error is not null ? null : now.Undescribed.Contains(vm.Id.Key) ? vm with { State = VmState.Unknown } : now.Found.GetValueOrDefault(vm.Id.Key);
            yield return new VmOutcome { Id = vm.Id, RequestId = vm.RequestId, Vm = seen, Error = error ?? (seen is null ? VmErrors.NotFound(vm.Id) : null) };
        }

        async Task NoteKeptAsync(IEnumerable<VirtualMachine> stopping)
        {
            var left = stopping.ToDictionary(vm => vm.Id.Key, StringComparer.Ordinal);
            await foreach (var some in StoppedAsync([.. left.Values], Patience, cancellationToken).ConfigureAwait(false))
            {
                foreach (var id in some) left.Remove(id);
            }

            foreach (var (id, vm) in left) errors[id] = VmErrors.NotShutDown(vm, Patience);
        }
    }

    /// <summary>Asks guests to shut down.</summary>
    /// <returns>Those that cannot be asked, and why.</returns>
    public Task<Dictionary<string, StratusException>> ShutDownAsync(IEnumerable<VirtualMachine> vms, CancellationToken cancellationToken = default) =>
        instances.RunAsync(vms.Select(vm => vm.Id.Key), (ids, cancel) => SendAsync(ids, PowerAction.Shutdown, cancel), cancellationToken);

    /// <summary>Waits for VMs to be off or gone, and tells each time of those that are. Ends when all are, or time is up.</summary>
    public async IAsyncEnumerable<IReadOnlyList<string>> StoppedAsync(IReadOnlyList<VirtualMachine> vms, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var left = vms.Select(vm => vm.Id).ToHashSet();
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; left.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var search = await inventory.SearchAsync(left.Select(id => id.Key), cancellationToken).ConfigureAwait(false);
            var off = left.Where(id => search.Found.TryGetValue(id.Key, out var now) ? now.State == VmState.Stopped : !search.Undescribed.Contains(id.Key)).ToList();
            left.ExceptWith(off);
            if (off.Count > 0) yield return [.. off.Select(id => id.Key)];
            if (left.Count == 0 || clock.GetElapsedTime(began) + pause > patience) yield break;
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static StratusException? WhyNot(VirtualMachine vm, PowerAction action) => action switch
    {
        PowerAction.Reboot or PowerAction.Reset when vm.State is VmState.Stopped or VmState.Stopping => VmErrors.InvalidState(vm, action),
        PowerAction.Shutdown or PowerAction.PowerOff when vm is { Market: VmMarket.Spot, State: not VmState.Stopped } => VmErrors.SpotStays(vm),
        _ => null,
    };

    private static bool IsNeeded(VirtualMachine vm, PowerAction action) => action switch
    {
        PowerAction.Start => vm.State is VmState.Stopped or VmState.Stopping,
        PowerAction.Shutdown => vm.State is not (VmState.Stopped or VmState.Stopping),
        PowerAction.PowerOff => vm.State != VmState.Stopped,
        _ => true,
    };

    private Task SendAsync(IReadOnlyList<string> ids, PowerAction action, CancellationToken cancellationToken) => action switch
    {
        PowerAction.Start => ec2.SendAsync(new StartInstances { InstanceIds = ids }, cancellationToken),
        PowerAction.Shutdown => ec2.SendAsync(new StopInstances { InstanceIds = ids }, cancellationToken),
        PowerAction.PowerOff => ec2.SendAsync(new StopInstances { InstanceIds = ids, Force = true }, cancellationToken),
        _ => ec2.SendAsync(new RebootInstances { InstanceIds = ids }, cancellationToken),
    };
}
