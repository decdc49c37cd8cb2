using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;
using Xunit;

namespace StratusLab.Libvirt.Tests.Rpc;

public sealed class CallTests
{
    [Fact]
    public async Task Replies_find_their_calls_in_any_order()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect();
        var answers = Enumerable.Range(0, 50).Select(_ => HostNameAsync(rpc)).ToList();
        var calls = new List<MockMessage>();
        foreach (var _ in answers)
            calls.Add(await server.ReceiveAsync());
        foreach (var call in Enumerable.Reverse(calls))
            await server.ReplyAsync(call, w => w.String($"answer {call.Serial}"));
        Assert.Equal(calls.Select(c => $"answer {c.Serial}").Order(), (await Task.WhenAll(answers)).Order());
    }

    [Fact]
    public async Task Refusal_keeps_every_field_of_the_servers_error()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect();
        var answer = HostNameAsync(rpc);
        await server.RefuseAsync(await server.ReceiveAsync(), LibvirtErrorCode.OperationFailed, "no such luck");
        var e = await Assert.ThrowsAsync<LibvirtServerException>(() => answer);
        Assert.Equal((LibvirtErrorCode.OperationFailed, LibvirtErrorDomain.Qemu, LibvirtErrorLevel.Error, "no such luck"), (e.Code, e.Domain, e.Level, e.Text));
        Assert.Equal(("one", null, "three", 4, 5), (e.Str1, e.Str2, e.Str3, e.Int1, e.Int2));
        Assert.Equal(RequestState.Sent, e.RequestState);
        Assert.True(rpc.IsOpen);
    }

    [Fact]
    public async Task Cancelled_call_leaves_others_alone_and_its_late_reply_means_nothing()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect();
        using var cancel = new CancellationTokenSource();
        var abandoned = HostNameAsync(rpc, cancel.Token);
        var abandonedCall = await server.ReceiveAsync();
        var other = HostNameAsync(rpc);
        var otherCall = await server.ReceiveAsync();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        await server.ReplyAsync(abandonedCall, w => w.String("too late"));
        await server.ReplyAsync(otherCall, w => w.String("in time"));
        Assert.Equal("in time", await other);
        Assert.True(rpc.IsOpen);
    }

    [Fact]
    public async Task No_more_commands_are_in_flight_than_allowed_and_a_cancelled_one_counts_until_it_is_answered()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect(new LibvirtConnectionOptions { MaxConcurrentCommands = 2 });
        using var cancel = new CancellationTokenSource();
        var first = CommandAsync(rpc, cancel.Token);
        var second = CommandAsync(rpc);
        var third = CommandAsync(rpc);
        var firstCall = await server.ReceiveAsync();
        var secondCall = await server.ReceiveAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        // A query passes by, and comes before the third command, which waits for the server's answer to the first.
        var query = HostNameAsync(rpc);
        await server.ReplyAsync(await server.ReceiveAsync(RemoteProcedure.ConnectGetHostname), w => w.String("by"));
        Assert.Equal("by", await query);
        await server.ReplyAsync(firstCall);
        var thirdCall = await server.ReceiveAsync(RemoteProcedure.DomainSuspend);
        await server.ReplyAsync(thirdCall);
        await server.ReplyAsync(secondCall);
        await Task.WhenAll(second, third);
    }

    [Fact]
    public async Task Connection_that_dies_tells_each_call_whether_it_was_sent()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect(new LibvirtConnectionOptions { MaxConcurrentCommands = 1 });
        var sent = CommandAsync(rpc);
        await server.ReceiveAsync();
        var waiting = CommandAsync(rpc);
        server.Close();

        Assert.Equal(RequestState.Sent, (await Assert.ThrowsAsync<LibvirtConnectionException>(() => sent)).RequestState);
        Assert.Equal(RequestState.NotSent, (await Assert.ThrowsAsync<LibvirtConnectionException>(() => waiting)).RequestState);
        Assert.Equal(RequestState.NotSent, (await Assert.ThrowsAsync<LibvirtConnectionException>(() => CommandAsync(rpc))).RequestState);
        Assert.False(rpc.IsOpen);
        await rpc.Closed;
    }

    [Fact]
    public async Task Call_that_was_being_written_when_the_connection_died_is_in_an_unknown_state_and_those_behind_it_are_not_sent()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect();
        var text = new string('x', ProtocolLimits.StringMax);
        var writing = rpc.CommandAsync(RemoteProcedure.DomainDefineXmlFlags, new XdrWriter().String(text).UInt32(0), CancellationToken.None);
        await server.ReceiveLengthAsync(); // It has begun to leave, and is far larger than the socket's buffers.
        var behind = HostNameAsync(rpc);
        server.Close();
        Assert.Equal(RequestState.Unknown, (await Assert.ThrowsAsync<LibvirtConnectionException>(() => writing)).RequestState);
        Assert.Equal(RequestState.NotSent, (await Assert.ThrowsAsync<LibvirtConnectionException>(() => behind)).RequestState);
    }

    [Fact]
    public async Task Disposing_fails_what_is_under_way()
    {
        await using var server = await MockServer.StartAsync();
        var rpc = server.Connect();
        var call = HostNameAsync(rpc);
        await server.ReceiveAsync();
        await rpc.DisposeAsync();
        Assert.Equal(RequestState.Sent, (await Assert.ThrowsAsync<LibvirtConnectionException>(() => call)).RequestState);
    }

    internal static Task<string> HostNameAsync(RpcConnection rpc, CancellationToken cancellationToken = default) =>
        rpc.QueryAsync(RemoteProcedure.ConnectGetHostname, new XdrWriter(0), Replies.String, cancellationToken);

    internal static Task CommandAsync(RpcConnection rpc, CancellationToken cancellationToken = default) =>
        rpc.CommandAsync(RemoteProcedure.DomainSuspend, new XdrWriter().Domain(new DomainRef("vm", Guid.Empty)), cancellationToken);
}
