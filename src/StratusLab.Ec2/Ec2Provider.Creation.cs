using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Launch;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider
{
    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return CreateBatchAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> RecoverAsync(IReadOnlyList<VmRequest> interrupted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interrupted);
        return RecoverBatchAsync(interrupted, cancellationToken);
    }

    private async IAsyncEnumerable<VmOutcome> CreateBatchAsync(IReadOnlyList<VmRequest> batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One listing tells what is there already: the names in use, and the VMs of requests that are repeated.
        var made = new Dictionary<Guid, VirtualMachine>();
        var names = new Dictionary<string, Guid?>(StringComparer.OrdinalIgnoreCase);
        await foreach (var vm in _inventory.ListAsync(new VmQuery { IncludeUnmanaged = true, WithAddresses = false }, cancellationToken).ConfigureAwait(false))
        {
            names[vm.Name] = vm.RequestId;
            if (vm.RequestId is { } request) made[request] = vm;
        }

        var times = batch.GroupBy(request => request.RequestId).ToDictionary(same => same.Key, same => same.Count());
        var wanted = new List<VmRequest>();
        foreach (var request in batch.DistinctBy(request => request.RequestId))
        {
            if (Refusal(request) is { } error)
            {
                for (var i = 0; i < times[request.RequestId]; i++) yield return new VmOutcome { Id = null, RequestId = request.RequestId, Error = error };
                continue;
            }

            names[request.Name] = request.RequestId;
            wanted.Add(request);
        }

        // Of a call whose outcome is not known the rest may be there too: the launcher sees to it.
        foreach (var request in await _launcher.InDoubtAsync(wanted, cancellationToken).ConfigureAwait(false)) made.Remove(request);
        var present = wanted.Where(request => made.ContainsKey(request.RequestId)).Select(request => made[request.RequestId]).ToList();
        var work = LaunchGroups.Of(wanted.Where(request => !made.ContainsKey(request.RequestId))).Select((members, turn) => (Members: members, Turn: turn));
        var outcomes = Batch.RunManyAsync<(IReadOnlyList<VmRequest> Members, int Turn), VmOutcome>(
            work, (item, report, cancel) => _launcher.LaunchAsync(item.Members, item.Turn, report, cancel), cancellationToken);
        await foreach (var outcome in RunningAsync(present, cancellationToken).ConfigureAwait(false))
        {
            for (var i = 0; i < times[outcome.RequestId!.Value]; i++) yield return outcome;
        }

        await foreach (var outcome in outcomes.ConfigureAwait(false))
        {
            for (var i = 0; i < times[outcome.RequestId!.Value]; i++) yield return outcome;
        }

        StratusException? Refusal(VmRequest request)
        {
            try
            {
                RequestRules.Check(_host, request);
            }
            catch (StratusException e)
            {
                return e;
            }

            return names.TryGetValue(request.Name, out var holder) && holder != request.RequestId && !made.ContainsKey(request.RequestId) ? VmErrors.NameTaken(_host, request.Name) : null;
        }
    }

    private async IAsyncEnumerable<VmOutcome> RecoverBatchAsync(IReadOnlyList<VmRequest> interrupted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var certain in _recovery.RunAsync(interrupted.Select(request => request.RequestId), cancellationToken).ConfigureAwait(false))
        {
            var absent = certain.Where(found => found.Value is null).Select(found => found.Key).ToHashSet();
            if (absent.Count > 0) await _remover.RemoveLeftoversAsync(absent, cancellationToken).ConfigureAwait(false);
            foreach (var request in absent) yield return new VmOutcome { Id = null, RequestId = request };

            var present = new List<VirtualMachine>();
            foreach (var instance in certain.Values.OfType<Instance>()) present.Add(await _inventory.NoteAsync(instance, cancellationToken).ConfigureAwait(false));
            await foreach (var outcome in RunningAsync(present, cancellationToken).ConfigureAwait(false)) yield return outcome;
        }
    }

    private async IAsyncEnumerable<VmOutcome> RunningAsync(IReadOnlyList<VirtualMachine> vms, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var off = vms.Where(vm => vm.State is VmState.Stopped or VmState.Stopping).ToList();
        foreach (var vm in vms.Except(off)) yield return new VmOutcome { Id = vm.Id, RequestId = vm.RequestId, Vm = vm };
        if (off.Count == 0) yield break;
        await foreach (var outcome in _power.ChangeAsync(off, PowerAction.Start, cancellationToken).ConfigureAwait(false)) yield return outcome;
    }
}
