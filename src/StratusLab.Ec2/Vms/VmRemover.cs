using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.Volumes;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Vms;

/// <summary>Terminates many VMs at once, and deletes volumes that were made for one and are attached to none.</summary>
internal sealed class VmRemover(IEc2Client ec2, VmInventory inventory, VmPower power, InstanceCalls instances)
{
    /// <summary>One outcome per VM, as it happens.</summary>
    public async IAsyncEnumerable<VmOutcome> RemoveAsync(IReadOnlyList<VirtualMachine> vms, DeleteOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A spot instance cannot be stopped. Terminating one asks its guest too, and waits for it some minutes.
        var asked = options is { Force: true, ShutdownTimeout: { Ticks: <= 0 } }
            ? new Dictionary<string, VirtualMachine>(StringComparer.Ordinal)
            : vms.Where(vm => vm.State != VmState.Stopped && vm.Market != VmMarket.Spot).ToDictionary(vm => vm.Id.Key, StringComparer.Ordinal);
        foreach (var outcome in await TerminateAsync(vms.Where(vm => !asked.ContainsKey(vm.Id.Key)), cancellationToken).ConfigureAwait(false)) yield return outcome;

        // A guest that is given no time is not asked either: it would be off, and kept.
        if (asked.Count > 0 && options.ShutdownTimeout > TimeSpan.Zero)
        {
            foreach (var (id, error) in await power.ShutDownAsync(asked.Values.Where(vm => vm.State != VmState.Stopping), cancellationToken).ConfigureAwait(false))
            {
                if (!options.Force && asked.Remove(id, out var vm)) yield return new VmOutcome { Id = vm.Id, Error = error };
            }

            await foreach (var off in power.StoppedAsync([.. asked.Values], options.ShutdownTimeout, cancellationToken).ConfigureAwait(false))
            {
                var now = off.Select(id => asked[id]).ToList();
                foreach (var id in off) asked.Remove(id);
                foreach (var outcome in await TerminateAsync(now, cancellationToken).ConfigureAwait(false)) yield return outcome;
            }
        }

        if (options.Force)
        {
            foreach (var outcome in await TerminateAsync(asked.Values, cancellationToken).ConfigureAwait(false)) yield return outcome;
        }
        else
        {
            foreach (var vm in asked.Values) yield return new VmOutcome { Id = vm.Id, Error = VmErrors.NotShutDown(vm, options.ShutdownTimeout) };
        }
    }

    /// <summary>Terminates instances that EC2 does not describe but may know, in calls that have an effect on all of them or none.</summary>
    /// <returns>What became of those for which that is certain.</returns>
    public async Task<IReadOnlyList<VmOutcome>> TryRemoveAsync(IReadOnlyList<VmId> vms, CancellationToken cancellationToken = default)
    {
        var outcomes = new List<VmOutcome>();
        foreach (var some in vms.Chunk(InstanceCalls.MaxPerCall))
        {
            StratusException? error = null;
            try
            {
                await ec2.SendAsync(new TerminateInstances { InstanceIds = [.. some.Select(vm => vm.Key)] }, cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (Ec2ErrorCode.MayConcernOne(e.Code))
            {
                continue;
            }
            catch (StratusException e)
            {
                error = e;
            }

            outcomes.AddRange(some.Select(vm => new VmOutcome { Id = vm, Error = error }));
        }

        return outcomes;
    }

    /// <summary>Terminates instances that EC2 has had the time to get to know: what it does not know is gone.</summary>
    /// <returns>Those that may still be there, and why.</returns>
    public async Task<Dictionary<string, StratusException>> TerminateAllAsync(IEnumerable<string> ids, CancellationToken cancellationToken = default)
    {
        var errors = await instances.RunAsync(ids, (some, cancel) => ec2.SendAsync(new TerminateInstances { InstanceIds = some }, cancel), cancellationToken).ConfigureAwait(false);
        foreach (var (id, _) in errors.Where(e => e.Value is HostRefusedException { Code: "InvalidInstanceID.NotFound" }).ToList()) errors.Remove(id);
        return errors;
    }

    /// <summary>Deletes volumes that bear the tag of a request and are attached to nothing.</summary>
    public async Task RemoveLeftoversAsync(IReadOnlySet<Guid> requests, CancellationToken cancellationToken = default)
    {
        var describe = new DescribeVolumes
        {
            Filters = [new Filter { Name = "tag-key", Values = [VmTags.Request] }, new Filter { Name = "status", Values = [VolumeState.Available.Value] }],
        };
        await foreach (var volume in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false))
        {
            if (!Guid.TryParse(volume.Tags.GetValueOrDefault(VmTags.Request), out var request) || !requests.Contains(request)) continue;
            try
            {
                await ec2.SendAsync(new DeleteVolume { VolumeId = volume.VolumeId }, cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (Ec2ErrorCode.IsNotFound(e.Code))
            {
                // EC2 deletes the volumes of a terminated instance by itself, and was faster.
            }
        }
    }

    private async Task<IReadOnlyList<VmOutcome>> TerminateAsync(IEnumerable<VirtualMachine> some, CancellationToken cancellationToken)
    {
        var vms = some.ToList();
        if (vms.Count == 0) return [];
        var errors = await TerminateAllAsync(vms.Select(vm => vm.Id.Key), cancellationToken).ConfigureAwait(false);
        var gone = vms.Where(vm => !errors.ContainsKey(vm.Id.Key)).ToList();
        foreach (var vm in gone) inventory.Forget(vm.Id.Key);
        if (gone.Count > 0) await RemoveLeftoversAsync(gone.Select(vm => vm.RequestId).OfType<Guid>().ToHashSet(), cancellationToken).ConfigureAwait(false);
        return [.. vms.Select(vm => new VmOutcome { Id = vm.Id, Error = errors.GetValueOrDefault(vm.Id.Key) })];
    }
}
