using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Tags;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Launch;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500), LongestPause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vms);
        if (action is PowerAction.Suspend or PowerAction.Resume) throw VmErrors.NotCapable(_host, ProviderCapabilities.Suspend, "Stop the VM instead; its disk is kept.");
        return EachAsync(vms, null, (present, cancel) => _power.ChangeAsync(present, action, cancel), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vms);
        ArgumentNullException.ThrowIfNull(options);
        return EachAsync(vms, options, (present, cancel) => _remover.RemoveAsync(present, options, cancel), cancellationToken);
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
        DeleteOptions? removal,
        Func<IReadOnlyList<VirtualMachine>, CancellationToken, IAsyncEnumerable<VmOutcome>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var times = vms.GroupBy(id => id).ToDictionary(same => same.Key, same => same.Count());
        await foreach (var outcome in EachOnceAsync([.. times.Keys], removal, work, cancellationToken).ConfigureAwait(false))
        {
            for (var i = 0; i < times[outcome.Id!.Value]; i++) yield return outcome with { RequestId = null };
        }
    }

    // An instance that EC2 does not describe may have been launched a moment ago, by whichever process, and cost money from then on.
    private async IAsyncEnumerable<VmOutcome> EachOnceAsync(
        IReadOnlyList<VmId> vms,
        DeleteOptions? removal,
        Func<IReadOnlyList<VirtualMachine>, CancellationToken, IAsyncEnumerable<VmOutcome>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = vms;
        var began = _clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var search = await _inventory.SearchAsync(left.Select(vm => vm.Key), cancellationToken).ConfigureAwait(false);
            var ours = new List<VirtualMachine>();
            foreach (var id in left.Where(id => !search.Undescribed.Contains(id.Key)))
            {
                if (search.Found.GetValueOrDefault(id.Key) is not { } vm) yield return new VmOutcome { Id = id, Error = removal is null ? VmErrors.NotFound(id) : null };
                else if (vm.IsManaged) ours.Add(vm);
                else yield return new VmOutcome { Id = id, Error = VmErrors.NotManaged(vm) };
            }

            if (ours.Count > 0)
            {
                await foreach (var outcome in work(ours, cancellationToken).ConfigureAwait(false)) yield return outcome;
            }

            left = [.. left.Where(id => search.Undescribed.Contains(id.Key))];
            if (left.Count == 0) yield break;
            if (_clock.GetElapsedTime(began) > LaunchCalls.ListingDelay) break;

            // A guest that is to be asked first is asked once it is described.
            if (removal is { Force: true })
            {
                var certain = await _remover.TryRemoveAsync(left, cancellationToken).ConfigureAwait(false);
                foreach (var outcome in certain) yield return outcome;
                left = [.. left.Except(certain.Select(outcome => outcome.Id!.Value))];
                if (left.Count == 0) yield break;
            }

            await Task.Delay(pause, _clock, cancellationToken).ConfigureAwait(false);
        }

        var errors = removal is null ? left.ToDictionary(id => id.Key, VmErrors.NotFound)
            : removal is { Force: true } or { ShutdownTimeout.Ticks: > 0 } ? await _remover.TerminateAllAsync(left.Select(id => id.Key), cancellationToken).ConfigureAwait(false)
            : [];
        foreach (var id in left) yield return new VmOutcome { Id = id, Error = errors.GetValueOrDefault(id.Key) };
    }

    private static VirtualMachine Managed(VmId id, VirtualMachine? vm) =>
        vm is null ? throw VmErrors.NotFound(id) : vm.IsManaged ? vm : throw VmErrors.NotManaged(vm);
}
