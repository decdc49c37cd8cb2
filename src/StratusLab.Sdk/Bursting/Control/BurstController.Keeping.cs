using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

public sealed partial class BurstController
{
    private static readonly TimeSpan LongestKeepPause = TimeSpan.FromSeconds(10);

    private DateTimeOffset? _renewedAt;

    private TimeSpan KeepPause => _options.Definition.Policy.Tick < LongestKeepPause ? _options.Definition.Policy.Tick : LongestKeepPause;

    // A host may let one wait for longer than a tenure or a lease lasts: launches are throttled, and what became of one that was cut short is certain
    // only after a while. The burst stays this controller's meanwhile, and its nodes stay on.
    private async IAsyncEnumerable<T> KeepWhileAsync<T>(IAsyncEnumerable<T> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var items = work.GetAsyncEnumerator(stop.Token);
        try
        {
            while (true)
            {
                var next = items.MoveNextAsync().AsTask();
                await KeepUntilAsync(next, stop, cancellationToken).ConfigureAwait(false);
                if (!await next.ConfigureAwait(false)) yield break;
                yield return items.Current;
            }
        }
        finally
        {
            await items.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task KeepWhileAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var task = work(stop.Token);
        await KeepUntilAsync(task, stop, cancellationToken).ConfigureAwait(false);
        await task.ConfigureAwait(false);
    }

    // Who has lost the burst goes on with nothing.
    private async Task KeepUntilAsync(Task work, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        try
        {
            while (!await IsDoneAsync(work).ConfigureAwait(false))
            {
                await WriteAsync(_ => 0, cancellationToken).ConfigureAwait(false);
                await RenewLeasesAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task<bool> IsDoneAsync(Task work)
    {
        if (work.IsCompleted) return true;
        using var over = new CancellationTokenSource();
        await Task.WhenAny(work, Task.Delay(KeepPause, _clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return work.IsCompleted;
    }

    private async Task RenewLeasesAsync(CancellationToken cancellationToken)
    {
        if (Batch is not IBatchNodeLeases leases) return;
        var now = _clock.GetUtcNow();
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var lease = state.Definition.Policy.Lease;
        var nodes = state.Nodes
            .Where(n => n.State is BurstNodeState.Launching or BurstNodeState.Pending or BurstNodeState.Booting or BurstNodeState.Registered or BurstNodeState.Idle or BurstNodeState.Active or BurstNodeState.Draining)
            .Select(n => n.Name)
            .ToList();
        if (nodes.Count == 0 || (_renewedAt is { } last && now - last < lease / 5)) return;
        try
        {
            await leases.RenewLeasesAsync(nodes, now + lease, cancellationToken).ConfigureAwait(false);
            _renewedAt = now;
        }
        catch (StratusException e)
        {
            _problems.Add($"The leases of {nodes.Count} nodes could not be renewed: {e.Message}");
        }
    }
}
