using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.Volumes;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Vms;

/// <summary>Terminates VMs, and deletes volumes that were made for one and are attached to none.</summary>
internal sealed class VmRemover(IEc2Client ec2, VmPower power)
{
    public async Task RemoveAsync(VirtualMachine vm, DeleteOptions options, CancellationToken cancellationToken = default)
    {
        if (!options.Force || options.ShutdownTimeout > TimeSpan.Zero) await ShutDownAsync(vm, options, cancellationToken).ConfigureAwait(false);
        await ec2.SendAsync(new TerminateInstances { InstanceIds = [vm.Id.Key] }, cancellationToken).ConfigureAwait(false);
        if (vm.RequestId is { } request) await RemoveLeftoversAsync(new HashSet<Guid> { request }, cancellationToken).ConfigureAwait(false);
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

    private async Task ShutDownAsync(VirtualMachine vm, DeleteOptions options, CancellationToken cancellationToken)
    {
        if (vm.State == VmState.Stopped) return;
        try
        {
            // A guest that is given no time is not asked either: it would be off, and kept.
            if (options.ShutdownTimeout <= TimeSpan.Zero) throw VmErrors.NotShutDown(vm, options.ShutdownTimeout);
            await power.ChangeAsync(vm, PowerAction.Shutdown, cancellationToken).ConfigureAwait(false);
            await power.StoppedAsync(vm, options.ShutdownTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException) when (options.Force)
        {
            // Terminating cuts the power.
        }
    }
}
