using System.Collections.Concurrent;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Tells when domains have stopped, from the host's events; asks now and then all the same, since an event can be lost.</summary>
internal sealed class ShutdownWatch : IAsyncDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private readonly LibvirtConnection _connection;
    private readonly DomainEventSubscription _subscription;
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    private ShutdownWatch(LibvirtConnection connection, DomainEventSubscription subscription)
    {
        _connection = connection;
        _subscription = subscription;
        _reading = ReadAsync(_stop.Token);
    }

    public static async Task<ShutdownWatch> StartAsync(LibvirtConnection connection, CancellationToken cancellationToken) =>
        new(connection, await connection.Events.SubscribeAsync(DomainEventKinds.Lifecycle, cancellationToken: cancellationToken).ConfigureAwait(false));

    /// <summary>Asks the guest to shut down and waits until it has.</summary>
    /// <returns>Whether it is off.</returns>
    public async Task<bool> ShutdownAsync(DomainRef domain, TimeSpan patience, CancellationToken cancellationToken)
    {
        var stopped = _waiting.GetOrAdd(domain.Uuid, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            // A guest that is still booting does not hear the power button, so it is pressed again.
            for (var round = 0; ; round++)
            {
                if (round % 3 == 0 && !await AskAsync(domain, limit.Token).ConfigureAwait(false)) return true;
                await Task.WhenAny(stopped.Task, Task.Delay(AskAgain, limit.Token)).ConfigureAwait(false);
                if (stopped.Task.IsCompleted || !await IsActiveAsync(domain, limit.Token).ConfigureAwait(false)) return true;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _waiting.TryRemove(domain.Uuid, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _subscription.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Asks the guest to shut down; false if it is off already.</summary>
    private async Task<bool> AskAsync(DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.Domains.ShutdownAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.OperationInvalid or LibvirtErrorCode.NoDomain)
        {
            return await IsActiveAsync(domain, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsActiveAsync(DomainRef domain, CancellationToken cancellationToken) =>
        await DomainLookup.StateAsync(_connection, domain, cancellationToken).ConfigureAwait(false) is not (null or DomainState.ShutOff or DomainState.Crashed);

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in _subscription.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (item is DomainLifecycleEvent { Change: DomainLifecycleChange.Stopped } change && _waiting.TryGetValue(change.Domain.Uuid, out var waiting))
                waiting.TrySetResult();
        }
    }
}
