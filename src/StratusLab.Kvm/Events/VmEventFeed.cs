using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The host's lifecycle events as StratusLab's. After a gap, also that of a broken connection, it says that events were lost.</summary>
internal sealed class VmEventFeed(HostConnection host, TimeProvider clock)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    public async IAsyncEnumerable<VmEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The first attempt fails loudly; later ones are repeated until the host is back.
        var subscription = await SubscribeAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
            {
                var events = ((IAsyncEnumerable<DomainEvent>)subscription).GetAsyncEnumerator(cancellationToken);
                await using (events.ConfigureAwait(false))
                {
                    while (await MoveAsync(events).ConfigureAwait(false))
                    {
                        if (Convert(events.Current) is { } converted) yield return converted;
                    }
                }
            }

            subscription = await ResubscribeAsync(cancellationToken).ConfigureAwait(false);
            yield return Lost();
        }
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<DomainEvent> events)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (LibvirtException)
        {
            return false;
        }
    }

    private Task<DomainEventSubscription> SubscribeAsync(CancellationToken cancellationToken) =>
        host.CallAsync(connection => connection.Events.SubscribeAsync(DomainEventKinds.Lifecycle, cancellationToken: cancellationToken), cancellationToken);

    private async Task<DomainEventSubscription> ResubscribeAsync(CancellationToken cancellationToken)
    {
        for (var wait = FirstRetry; ; wait = wait * 2 < LongestRetry ? wait * 2 : LongestRetry)
        {
            try
            {
                return await SubscribeAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (StratusException)
            {
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private VmEvent Lost() => new(default, VmEventKind.Lost, VmState.Unknown, clock.GetUtcNow());

    private VmEvent? Convert(DomainEvent item) => item switch
    {
        EventsLost => Lost(),
        DomainLifecycleEvent change when Meaning(change) is var (kind, state) =>
            new VmEvent(new VmId(host.Definition.Name, change.Domain.Uuid.ToString("D")), kind, state, clock.GetUtcNow()) { Name = change.Domain.Name },
        _ => null,
    };

    private static (VmEventKind Kind, VmState State)? Meaning(DomainLifecycleEvent change) => change.Change switch
    {
        DomainLifecycleChange.Defined => (VmEventKind.Created, change.Domain.IsActive ? VmState.Running : VmState.Pending),
        DomainLifecycleChange.Undefined => (VmEventKind.Removed, VmState.Stopped),
        DomainLifecycleChange.Started or DomainLifecycleChange.Resumed => (VmEventKind.StateChanged, VmState.Running),
        DomainLifecycleChange.Suspended or DomainLifecycleChange.PMSuspended => (VmEventKind.StateChanged, VmState.Suspended),
        DomainLifecycleChange.Shutdown => (VmEventKind.StateChanged, VmState.Stopping),
        DomainLifecycleChange.Stopped => (VmEventKind.StateChanged, VmState.Stopped),
        DomainLifecycleChange.Crashed => (VmEventKind.StateChanged, VmState.Crashed),
        _ => null,
    };
}
