using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Tags;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider
{
    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vms);
        if (action is PowerAction.Suspend or PowerAction.Resume) throw VmErrors.NotCapable(_host, ProviderCapabilities.Suspend, "Stop the VM instead; its disk is kept.");
        return EachAsync(
            vms,
            async (id, vm, cancel) => await _power.ChangeAsync(Managed(id, vm), action, cancel).ConfigureAwait(false),
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vms);
        ArgumentNullException.ThrowIfNull(options);
        return EachAsync(
            vms,
            async (id, vm, cancel) =>
            {
                if (vm is not null) await _remover.RemoveAsync(Managed(id, vm), options, cancel).ConfigureAwait(false);
                return null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var found = await _inventory.FindAsync([vm], cancellationToken).ConfigureAwait(false);
        var present = Managed(vm, found.GetValueOrDefault(vm.Key));
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        var removed = new List<string>();
        if (change.Labels is { } labels)
        {
            foreach (var (key, value) in labels) set[VmTags.Label + key] = value;
            removed.AddRange(present.Labels.Keys.Where(key => !labels.ContainsKey(key)).Select(key => VmTags.Label + key));
        }

        if (change.ExpiresAt == DateTimeOffset.MaxValue) removed.Add(VmTags.Expires);
        else if (change.ExpiresAt is { } expires) set[VmTags.Expires] = VmTags.Time(expires);
        if (VmTags.WhyNot(set) is { } reason) throw VmErrors.Invalid(_host, "Labels", $"VM '{present.Name}' cannot be tagged: {reason}.");

        // What is new is there before what is old is gone.
        if (set.Count > 0) await _ec2.SendAsync(new CreateTags { ResourceIds = [vm.Key], Tags = set }, cancellationToken).ConfigureAwait(false);
        if (removed.Count > 0) await _ec2.SendAsync(new DeleteTags { ResourceIds = [vm.Key], Keys = [.. removed.Select(key => new TagKey { Key = key })] }, cancellationToken).ConfigureAwait(false);
        return present with
        {
            Labels = change.Labels ?? present.Labels,
            ExpiresAt = change.ExpiresAt == DateTimeOffset.MaxValue ? null : change.ExpiresAt ?? present.ExpiresAt,
        };
    }

    private async IAsyncEnumerable<VmOutcome> EachAsync(
        IReadOnlyList<VmId> vms, Func<VmId, VirtualMachine?, CancellationToken, Task<VirtualMachine?>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await _inventory.FindAsync(vms, cancellationToken).ConfigureAwait(false);
        var outcomes = Batch.RunAsync(
            vms, (id, cancel) => OutcomeAsync(new VmOutcome { Id = id }, () => work(id, found.GetValueOrDefault(id.Key), cancel)), cancellationToken);
        await foreach (var outcome in outcomes.ConfigureAwait(false)) yield return outcome;
    }

    private static VirtualMachine Managed(VmId id, VirtualMachine? vm) =>
        vm is null ? throw VmErrors.NotFound(id) : vm.IsManaged ? vm : throw VmErrors.NotManaged(vm);
}
