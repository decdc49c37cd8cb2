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
        return EachAsync(vms, isGoneFine: false, (present, cancel) => _power.ChangeAsync(present, action, cancel), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vms);
        ArgumentNullException.ThrowIfNull(options);
        return EachAsync(vms, isGoneFine: true, (present, cancel) => _remover.RemoveAsync(present, options, cancel), cancellationToken);
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
        if (set.Count > 0) await TagAsync((ids, cancel) => _ec2.SendAsync(new CreateTags { ResourceIds = ids, Tags = set }, cancel)).ConfigureAwait(false);
        if (removed.Count > 0) await TagAsync((ids, cancel) => _ec2.SendAsync(new DeleteTags { ResourceIds = ids, Keys = [.. removed.Select(key => new TagKey { Key = key })] }, cancel)).ConfigureAwait(false);
        return present with
        {
            Labels = change.Labels ?? present.Labels,
            ExpiresAt = change.ExpiresAt == DateTimeOffset.MaxValue ? null : change.ExpiresAt ?? present.ExpiresAt,
        };

        async Task TagAsync(Func<IReadOnlyList<string>, CancellationToken, Task> call)
        {
            var errors = await _instances.RunAsync([vm.Key], call, cancellationToken).ConfigureAwait(false);
            if (errors.GetValueOrDefault(vm.Key) is { } error) throw error;
        }
    }

    private async IAsyncEnumerable<VmOutcome> EachAsync(
        IReadOnlyList<VmId> vms,
        bool isGoneFine,
        Func<IReadOnlyList<VirtualMachine>, CancellationToken, IAsyncEnumerable<VmOutcome>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var times = vms.GroupBy(id => id).ToDictionary(same => same.Key, same => same.Count());
        var found = await _inventory.FindAsync(times.Keys, cancellationToken).ConfigureAwait(false);
        var ours = new List<VirtualMachine>();
        foreach (var (id, count) in times)
        {
            var vm = found.GetValueOrDefault(id.Key);
            if (vm is { IsManaged: true })
            {
                ours.Add(vm);
                continue;
            }

            var error = vm is not null ? VmErrors.NotManaged(vm) : isGoneFine ? null : VmErrors.NotFound(id);
            for (var i = 0; i < count; i++) yield return new VmOutcome { Id = id, Error = error };
        }

        if (ours.Count == 0) yield break;
        await foreach (var outcome in work(ours, cancellationToken).ConfigureAwait(false))
        {
            for (var i = 0; i < times[outcome.Id!.Value]; i++) yield return outcome with { RequestId = null };
        }
    }

    private static VirtualMachine Managed(VmId id, VirtualMachine? vm) =>
        vm is null ? throw VmErrors.NotFound(id) : vm.IsManaged ? vm : throw VmErrors.NotManaged(vm);
}
