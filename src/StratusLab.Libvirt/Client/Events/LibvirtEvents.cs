using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Events of domains.</summary>
public sealed class LibvirtEvents : IEventSink
{
    private static readonly TimeSpan UnsubscribePatience = TimeSpan.FromMilliseconds(500);

    private readonly RpcConnection _rpc;
    private readonly int _bufferSize;
    private readonly ConcurrentDictionary<int, DomainEventSubscription> _subscriptions = new();

    internal LibvirtEvents(RpcConnection rpc, int bufferSize)
    {
        _rpc = rpc;
        _bufferSize = bufferSize;
        rpc.EventSink = this;
    }

    /// <summary>Registers for events (<c>virConnectDomainEventRegisterAny</c>). Everything that happens after it returns is told.</summary>
    /// <param name="kinds">Which kinds.</param>
    /// <param name="domain">Of which domain; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Abandons the registration.</param>
    public async Task<DomainEventSubscription> SubscribeAsync(DomainEventKinds kinds, DomainRef? domain = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((uint)(kinds & DomainEventKinds.All), 0u, nameof(kinds));
        var subscription = new DomainEventSubscription(this, _bufferSize);
        try
        {
            var registrations = new List<Task>();
            for (var left = (uint)(kinds & DomainEventKinds.All); left != 0; left &= left - 1)
                registrations.Add(RegisterAsync(BitOperations.TrailingZeroCount(left), domain, subscription, cancellationToken));
            await Task.WhenAll(registrations).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Watches events from the first read on: <see cref="SubscribeAsync"/> and reading in one.</summary>
    public async IAsyncEnumerable<DomainEvent> WatchAsync(
        DomainEventKinds kinds, DomainRef? domain = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var subscription = await SubscribeAsync(kinds, domain, cancellationToken).ConfigureAwait(false);
        await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
        {
            await foreach (var item in subscription.WithCancellation(cancellationToken).ConfigureAwait(false))
                yield return item;
        }
    }

    void IEventSink.OnEvent(RpcProcedure procedure, ref XdrReader reader)
    {
        if (EventCodec.Read(procedure, ref reader) is { } known && _subscriptions.TryGetValue(known.CallbackId, out var subscription))
            subscription.Publish(known.Event);
    }

    void IEventSink.OnClosed(LibvirtException reason)
    {
        foreach (var subscription in _subscriptions.Values)
            subscription.Fail(reason);
    }

    internal async ValueTask UnsubscribeAsync(IReadOnlyList<int> callbackIds)
    {
        foreach (var id in callbackIds)
            _subscriptions.TryRemove(id, out _);
        try
        {
            using var patience = new CancellationTokenSource(UnsubscribePatience);
            await Task.WhenAll(callbackIds.Select(id =>
                _rpc.QueryAsync(RemoteProcedure.ConnectDomainEventCallbackDeregisterAny, new XdrWriter().Int32(id), patience.Token))).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LibvirtException or OperationCanceledException)
        {
            // Events that the server goes on to send belong to nobody and are passed over.
        }
    }

    private Task<int> RegisterAsync(int eventId, DomainRef? domain, DomainEventSubscription subscription, CancellationToken cancellationToken)
    {
        var arguments = new XdrWriter().Int32(eventId);
        if (domain is { } one)
            arguments.UInt32(1).Domain(one);
        else
            arguments.UInt32(0);

        // Decoding happens on the reader's task, so that the subscription is known before the first event behind the reply.
        return _rpc.QueryAsync(RemoteProcedure.ConnectDomainEventCallbackRegisterAny, arguments, Register, cancellationToken);

        int Register(ref XdrReader reader)
        {
            var id = reader.ReadInt32();
            subscription.Add(id);
            _subscriptions[id] = subscription;
            return id;
        }
    }
}
