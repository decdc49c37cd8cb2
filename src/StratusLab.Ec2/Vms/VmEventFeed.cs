using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Ec2.Vms;

/// <summary>Changes of the managed VMs, found by comparing one listing with the next: the EC2 API has no events.</summary>
internal sealed class VmEventFeed(VmInventory inventory, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<VmEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var before = await ListAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(false);
            var now = await ListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var vm in now.Values)
            {
                if (!before.TryGetValue(vm.Id.Key, out var old)) yield return Event(vm, VmEventKind.Created);
                else if (old.State != vm.State) yield return Event(vm, VmEventKind.StateChanged);
            }

            foreach (var vm in before.Values.Where(vm => !now.ContainsKey(vm.Id.Key))) yield return Event(vm, VmEventKind.Removed);
            before = now;
        }
    }

    private VmEvent Event(VirtualMachine vm, VmEventKind kind) => new(vm.Id, kind, vm.State, clock.GetUtcNow()) { Name = vm.Name };

    private async Task<Dictionary<string, VirtualMachine>> ListAsync(CancellationToken cancellationToken)
    {
        var vms = new Dictionary<string, VirtualMachine>(StringComparer.Ordinal);
        await foreach (var vm in inventory.ListAsync(VmQuery.Managed, cancellationToken).ConfigureAwait(false)) vms[vm.Id.Key] = vm;
        return vms;
    }
}
