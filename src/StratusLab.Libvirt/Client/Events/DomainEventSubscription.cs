using System.Threading.Channels;

namespace StratusLab.Libvirt;

/// <summary>
/// Events from the moment that <see cref="LibvirtEvents.SubscribeAsync"/> returned, read by one reader. When the reader falls behind, events
/// are dropped and <see cref="EventsLost"/> stands in their place. Disposing ends it at the server too.
/// </summary>
public sealed class DomainEventSubscription : IAsyncEnumerable<DomainEvent>, IAsyncDisposable
{
    private readonly LibvirtEvents _events;
    private readonly Channel<DomainEvent> _channel;
    private readonly List<int> _callbackIds = [];
    private int _lost;
    private bool _disposed;

    internal DomainEventSubscription(LibvirtEvents events, int capacity)
    {
        _events = events;
        _channel = Channel.CreateBounded<DomainEvent>(capacity);
    }

    /// <summary>Reads the events as they come; faults with a <see cref="LibvirtException"/> when the connection ends, and ends when the subscription is disposed.</summary>
    public async IAsyncEnumerator<DomainEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await _channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_channel.Reader.TryRead(out var item))
                yield return item;
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                yield return new EventsLost(lost);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _channel.Writer.TryComplete();
        await _events.UnsubscribeAsync(_callbackIds).ConfigureAwait(false);
    }

    internal void Add(int callbackId) => _callbackIds.Add(callbackId);

    internal void Publish(DomainEvent item)
    {
        // Once one is lost, all are until the reader has seen so: a gap in the middle would look like the truth.
        if (Volatile.Read(ref _lost) > 0 || !_channel.Writer.TryWrite(item))
            Interlocked.Increment(ref _lost);
    }

    internal void Fail(LibvirtException reason) => _channel.Writer.TryComplete(reason);
}
