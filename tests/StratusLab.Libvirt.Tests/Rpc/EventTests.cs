using StratusLab.Libvirt.Rpc;
using Xunit;

namespace StratusLab.Libvirt.Tests.Rpc;

public sealed class EventTests
{
    private static readonly DomainRef Vm = new("vm", Guid.Parse("4dea22b3-1d52-d8f3-2516-782e98ab3fa0"), 3);

    [Fact]
    public async Task Event_right_behind_the_registration_is_not_missed()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        var subscribing = libvirt.Events.SubscribeAsync(DomainEventKinds.Lifecycle | DomainEventKinds.DeviceRemoved, Vm);
        var first = await server.ReceiveAsync(RemoteProcedure.ConnectDomainEventCallbackRegisterAny);
        Assert.Equal("00000000" + "00000001" + "00000002" + "766D0000", Convert.ToHexString(first.Payload.AsSpan(0, 16)));
        await server.ReplyAsync(first, w => w.Int32(11));
        await SendLifecycleAsync(server, 11, DomainLifecycleChange.Started);
        var second = await server.ReceiveAsync(RemoteProcedure.ConnectDomainEventCallbackRegisterAny);
        Assert.Equal(15, second.Reader.ReadInt32());
        await server.ReplyAsync(second, w => w.Int32(12));
        await server.SendAsync(Header(RemoteProcedure.DomainEventCallbackDeviceRemoved), w => w.Int32(12).Domain(Vm).String("net0"));
        await SendLifecycleAsync(server, 99, DomainLifecycleChange.Crashed); // nobody's

        await using var subscription = await subscribing;
        await using var events = subscription.GetAsyncEnumerator();
        Assert.Equal(new DomainLifecycleEvent(Vm, DomainLifecycleChange.Started, 1), await NextAsync(events));
        Assert.Equal(new DomainDeviceRemovedEvent(Vm, "net0"), await NextAsync(events));

        var disposing = subscription.DisposeAsync();
        foreach (var id in (int[])[11, 12])
        {
            var call = await server.ReceiveAsync(RemoteProcedure.ConnectDomainEventCallbackDeregisterAny);
            Assert.Equal(id, call.Reader.ReadInt32());
            await server.ReplyAsync(call);
        }

        await disposing;
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Reader_that_falls_behind_is_told_that_events_were_lost_where_they_are_missing()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync(new LibvirtConnectionOptions { EventBufferSize = 3 });
        var subscription = await SubscribeAsync(server, libvirt);
        for (var i = 0; i < 10; i++)
            await SendLifecycleAsync(server, 1, DomainLifecycleChange.Started);
        await RoundTripAsync(server, libvirt);

        await using var events = subscription.GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
            Assert.IsType<DomainLifecycleEvent>(await NextAsync(events));
        Assert.Equal(new EventsLost(7), await NextAsync(events));
        await SendLifecycleAsync(server, 1, DomainLifecycleChange.Stopped);
        Assert.Equal(new DomainLifecycleEvent(Vm, DomainLifecycleChange.Stopped, 1), await NextAsync(events));
    }

    [Fact]
    public async Task Connection_that_ends_faults_the_reading_of_events()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        var subscription = await SubscribeAsync(server, libvirt);
        await SendLifecycleAsync(server, 1, DomainLifecycleChange.Started);
        await RoundTripAsync(server, libvirt);
        server.Close();
        await using var events = subscription.GetAsyncEnumerator();
        Assert.IsType<DomainLifecycleEvent>(await NextAsync(events));
        await Assert.ThrowsAsync<LibvirtConnectionException>(() => NextAsync(events));
    }

    [Fact]
    public async Task Malformed_event_ends_the_connection()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        await server.SendAsync(Header(RemoteProcedure.DomainEventCallbackLifecycle), w => w.Int32(1));
        await libvirt.Closed.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.IsType<LibvirtProtocolException>(libvirt.Failure);
    }

    [Fact]
    public async Task Event_of_a_kind_that_is_not_known_here_is_passed_over()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        await server.SendAsync(new MessageHeader(new RpcProcedure(RpcProcedure.RemoteProgram, 9_999), MessageType.Event, 0, MessageStatus.Ok), w => w.Int32(1));
        await RoundTripAsync(server, libvirt);
        Assert.True(libvirt.IsOpen);
    }

    private static MessageHeader Header(RemoteProcedure procedure) => new(procedure, MessageType.Event, 0, MessageStatus.Ok);

    private static Task SendLifecycleAsync(MockServer server, int callback, DomainLifecycleChange change) =>
        server.SendAsync(Header(RemoteProcedure.DomainEventCallbackLifecycle), w => w.Int32(callback).Domain(Vm).Int32((int)change).Int32(1));

    private static async Task<DomainEventSubscription> SubscribeAsync(MockServer server, LibvirtConnection libvirt)
    {
        var subscribing = libvirt.Events.SubscribeAsync(DomainEventKinds.Lifecycle);
        await server.ReplyAsync(await server.ReceiveAsync(RemoteProcedure.ConnectDomainEventCallbackRegisterAny), w => w.Int32(1));
        return await subscribing;
    }

    /// <summary>After it, all that was sent before has been received.</summary>
    private static async Task RoundTripAsync(MockServer server, LibvirtConnection libvirt)
    {
        var query = libvirt.Node.GetHostNameAsync();
        await server.ReplyAsync(await server.ReceiveAsync(RemoteProcedure.ConnectGetHostname), w => w.String("x"));
        await query;
    }

    private static async Task<DomainEvent> NextAsync(IAsyncEnumerator<DomainEvent> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        return events.Current;
    }
}
