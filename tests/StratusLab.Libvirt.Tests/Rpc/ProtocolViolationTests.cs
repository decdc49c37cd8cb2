using System.Buffers.Binary;
using StratusLab.Libvirt.Rpc;
using Xunit;

namespace StratusLab.Libvirt.Tests.Rpc;

/// <summary>A peer that breaks the protocol ends the connection with one clear error, and takes no memory.</summary>
public sealed class ProtocolViolationTests
{
    [Fact]
    public Task Reply_with_bytes_left_over() => EndsAsync((server, call) => server.ReplyAsync(call, w => w.String("name").UInt32(0)));

    [Fact]
    public Task Reply_that_is_short() => EndsAsync((server, call) => server.ReplyAsync(call, w => w.UInt32(5).Raw("abcd"u8)));

    [Fact]
    public Task Reply_whose_text_claims_four_gigabytes() => EndsAsync((server, call) => server.ReplyAsync(call, w => w.UInt32(uint.MaxValue)));

    [Fact]
    public Task Reply_to_another_procedure() => EndsAsync((server, call) =>
        server.SendAsync(new MessageHeader(RemoteProcedure.ConnectGetUri, MessageType.Reply, call.Serial, MessageStatus.Ok), w => w.String("x")));

    [Fact]
    public Task Reply_that_nobody_asked_for() => EndsAsync((server, call) => server.ReplyAsync(call with { Serial = call.Serial + 1 }, w => w.String("x")));

    [Fact]
    public Task Reply_with_a_streams_status() => EndsAsync((server, call) =>
        server.SendAsync(new MessageHeader(call.Procedure, MessageType.Reply, call.Serial, MessageStatus.Continue)));

    [Fact]
    public Task Error_that_is_malformed() => EndsAsync((server, call) =>
        server.SendAsync(new MessageHeader(call.Procedure, MessageType.Reply, call.Serial, MessageStatus.Error), w => w.Int32(1)));

    [Fact]
    public Task Message_larger_than_allowed() => EndsAsync((server, _) => server.SendAsync(Length(ProtocolLimits.MessageMax + 5)));

    [Fact]
    public Task Message_shorter_than_its_header() => EndsAsync((server, _) => server.SendAsync(Length(12)));

    private static async Task EndsAsync(Func<MockServer, MockMessage, Task> violate)
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect();
        var victim = CallTests.HostNameAsync(rpc);
        var call = await server.ReceiveAsync();
        var bystander = CallTests.CommandAsync(rpc);
        await server.ReceiveAsync();
        await violate(server, call);

        var failure = await Assert.ThrowsAsync<LibvirtProtocolException>(() => victim);
        Assert.Equal(RequestState.Sent, failure.RequestState);
        Assert.Equal(RequestState.Sent, (await Assert.ThrowsAsync<LibvirtProtocolException>(() => bystander)).RequestState);
        Assert.Equal(RequestState.NotSent, (await Assert.ThrowsAsync<LibvirtProtocolException>(() => CallTests.HostNameAsync(rpc))).RequestState);
        Assert.IsType<LibvirtProtocolException>(rpc.Failure);
    }

    private static byte[] Length(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
