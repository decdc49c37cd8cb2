using System.Diagnostics;
using StratusLab.Libvirt.Rpc;
using Xunit;

namespace StratusLab.Libvirt.Tests.Rpc;

public sealed class KeepAliveTests
{
    private static readonly LibvirtConnectionOptions Quick = new() { KeepAliveInterval = TimeSpan.FromMilliseconds(50), KeepAliveCount = 3 };

    [Fact]
    public async Task Silent_server_is_asked_and_then_given_up()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync(Quick, keepAlive: true);
        var call = libvirt.Node.GetHostNameAsync();
        await server.ReceiveAsync(RemoteProcedure.ConnectGetHostname);
        for (var i = 0; i < 3; i++)
            await server.ReceiveAsync(RpcProcedure.KeepAlivePing);
        var failure = await Assert.ThrowsAsync<LibvirtConnectionException>(() => call);
        Assert.Equal(RequestState.Sent, failure.RequestState);
        Assert.Contains("keepalive", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_byte_from_the_server_is_a_sign_of_life()
    {
        await using var server = await MockServer.StartAsync();
        var options = Quick with { KeepAliveInterval = TimeSpan.FromSeconds(1) };
        await using var libvirt = await server.OpenAsync(options, keepAlive: true);
        var call = libvirt.Node.GetHostNameAsync();
        var received = await server.ReceiveAsync(RemoteProcedure.ConnectGetHostname);

        // A reply that comes byte by byte, over a longer period than that in which silence would be the end.
        var reply = MockServer.Build(new MessageHeader(received.Procedure, MessageType.Reply, received.Serial, MessageStatus.Ok), w => w.String("slow but alive, more than a hundred bytes long, so that it takes its time"));
        var since = Stopwatch.StartNew();
        foreach (var b in reply)
        {
            await server.SendAsync(new[] { b });
            await Task.Delay(45);
        }

        Assert.True(since.Elapsed > 4 * options.KeepAliveInterval);
        Assert.StartsWith("slow but alive", await call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_request_is_answered_while_calls_are_under_way()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect();
        var call = CallTests.CommandAsync(rpc);
        var received = await server.ReceiveAsync();
        await server.SendAsync(new MessageHeader(RpcProcedure.KeepAlivePing, MessageType.Event, 0, MessageStatus.Ok));
        var pong = await server.ReceiveAsync(RpcProcedure.KeepAlivePong);
        Assert.Equal((MessageType.Event, 0u, MessageStatus.Ok), (pong.Type, pong.Serial, pong.Status));
        Assert.Empty(pong.Payload);
        await server.ReplyAsync(received);
        await call;
    }

    [Fact]
    public async Task Server_without_keepalive_is_not_asked()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync(Quick, keepAlive: false);
        await Task.Delay(10 * Quick.KeepAliveInterval);
        var call = libvirt.Node.GetHostNameAsync();
        await server.ReplyAsync(await server.ReceiveAsync(RemoteProcedure.ConnectGetHostname), w => w.String("still here"));
        Assert.Equal("still here", await call);
    }
}
