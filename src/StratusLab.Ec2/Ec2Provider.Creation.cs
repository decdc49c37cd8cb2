using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Launch;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider
{
    // How long EC2 may take to list what was launched.
    private static readonly TimeSpan DescribeLag = TimeSpan.FromSeconds(60);

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
        return Batch.RunAsync(
            interrupted,
            (request, cancel) => OutcomeAsync(new VmOutcome { Id = null, RequestId = request.RequestId }, () => RecoverOneAsync(request, cancel)),
            cancellationToken);
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

        var launcher = new VmLauncher(_host, _ec2, _types, _inventory);
        var site = new LaunchSite(_host, _uri, _ec2);
        var outcomes = Batch.RunAsync(
            batch, (request, cancel) => OutcomeAsync(new VmOutcome { Id = null, RequestId = request.RequestId }, () => CreateOneAsync(request, cancel)), cancellationToken);
        await foreach (var outcome in outcomes.ConfigureAwait(false)) yield return outcome;

        async Task<VirtualMachine?> CreateOneAsync(VmRequest request, CancellationToken cancel)
        {
            RequestRules.Check(_host, request);
            if (made.TryGetValue(request.RequestId, out var present)) return await RunningAsync(present, cancel).ConfigureAwait(false);
            if (names.TryGetValue(request.Name, out var holder) && holder != request.RequestId) throw VmErrors.NameTaken(_host, request.Name);
            return await launcher.LaunchAsync(request, site, cancel).ConfigureAwait(false);
        }
    }

    private async Task<VirtualMachine?> RecoverOneAsync(VmRequest request, CancellationToken cancellationToken)
    {
        var query = new VmQuery { RequestIds = [request.RequestId] };
        while (true)
        {
            await foreach (var vm in _inventory.ListAsync(query, cancellationToken).ConfigureAwait(false))
                return await RunningAsync(vm, cancellationToken).ConfigureAwait(false);

            // A VM that was launched a moment ago and is not listed yet is not missing.
            if (_clock.GetUtcNow() - request.CreatedAt > DescribeLag) break;
            await Task.Delay(TimeSpan.FromSeconds(5), _clock, cancellationToken).ConfigureAwait(false);
        }

        await _remover.RemoveLeftoversAsync(request.RequestId, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<VirtualMachine> RunningAsync(VirtualMachine vm, CancellationToken cancellationToken) =>
        vm.State is VmState.Stopped or VmState.Stopping ? await _power.ChangeAsync(vm, PowerAction.Start, cancellationToken).ConfigureAwait(false) : vm;

    private static async Task<VmOutcome> OutcomeAsync(VmOutcome outcome, Func<Task<VirtualMachine?>> work)
    {
        try
        {
            var vm = await work().ConfigureAwait(false);
            return outcome with { Id = outcome.Id ?? vm?.Id, Vm = vm };
        }
        catch (StratusException e)
        {
            return outcome with { Error = e };
        }
    }
}
