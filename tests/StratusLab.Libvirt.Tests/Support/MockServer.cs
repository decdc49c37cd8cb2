using System.Buffers.Binary;
using System.Net.Sockets;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Tests;

/// <summary>The far end of a connection, led by the test. It writes with the product's own buffers.</summary>
internal sealed class MockServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly NetworkStream _server;

    private MockServer(NetworkStream server, NetworkStream client)
    {
        _server = server;
        Client = client;
    }

    /// <summary>The client's end.</summary>
    public NetworkStream Client { get; }

    public static async Task<MockServer> StartAsync()
    {
        using var folder = new TemporaryFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var place = new UnixDomainSocketEndPoint(folder["socket"]);
        listener.Bind(place);
        listener.Listen(1);
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(place);
        return new MockServer(new NetworkStream(await listener.AcceptAsync(), ownsSocket: true), new NetworkStream(client, ownsSocket: true));
    }

    /// <summary>A connection to it, without keepalive unless asked for.</summary>
    public RpcConnection Connect(LibvirtConnectionOptions? options = null)
    {
        var connection = new RpcConnection(Client, "mock", options ?? new LibvirtConnectionOptions());
        connection.Start();
        return connection;
    }

    /// <summary>A whole client connection, whose opening is answered as libvirtd would.</summary>
    public async Task<LibvirtConnection> OpenAsync(LibvirtConnectionOptions? options = null, bool keepAlive = false)
    {
        var opening = LibvirtConnection.OpenAsync(LibvirtUri.Parse("qemu+unix:///system?socket=/mock"), Client, options ?? new LibvirtConnectionOptions(), null, CancellationToken.None);
        await ReplyAsync(await ReceiveAsync(RemoteProcedure.AuthList), w => w.UInt32(0));
        if ((options ?? new LibvirtConnectionOptions()).KeepAliveInterval != Timeout.InfiniteTimeSpan)
            await ReplyAsync(await ReceiveAsync(RemoteProcedure.ConnectSupportsFeature), w => w.Truth(keepAlive));
        await ReplyAsync(await ReceiveAsync(RemoteProcedure.ConnectOpen));
        await ReplyAsync(await ReceiveAsync(RemoteProcedure.ConnectGetLibVersion), w => w.UInt64(9_000_000));
        return await opening;
    }

    public async Task<MockMessage> ReceiveAsync()
    {
        var rest = new byte[await ReceiveLengthAsync() - 4];
        using var limit = new CancellationTokenSource(Patience);
        await _server.ReadExactlyAsync(rest, limit.Token);
        return MockMessage.Parse(rest);
    }

    /// <summary>Reads the first word of a message only.</summary>
    public async Task<int> ReceiveLengthAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var length = new byte[4];
        await _server.ReadExactlyAsync(length, limit.Token);
        return BinaryPrimitives.ReadInt32BigEndian(length);
    }

    public async Task<MockMessage> ReceiveAsync(RpcProcedure procedure)
    {
        var message = await ReceiveAsync();
        Xunit.Assert.Equal(procedure, message.Procedure);
        return message;
    }

    public Task ReplyAsync(MockMessage call, Action<XdrWriter>? content = null) =>
        SendAsync(new MessageHeader(call.Procedure, MessageType.Reply, call.Serial, MessageStatus.Ok), content);

    public Task RefuseAsync(MockMessage call, LibvirtErrorCode code, string text) =>
        SendAsync(new MessageHeader(call.Procedure, MessageType.Reply, call.Serial, MessageStatus.Error), w => Error(w, code, text));

    public Task StreamAsync(MockMessage call, MessageStatus status, Action<XdrWriter>? content = null, MessageType type = MessageType.Stream) =>
        SendAsync(new MessageHeader(call.Procedure, type, call.Serial, status), content);

    public Task SendAsync(MessageHeader header, Action<XdrWriter>? content = null) => SendAsync(Build(header, content));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        await _server.WriteAsync(bytes, limit.Token);
    }

    public void Close() => _server.Dispose();

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        Client.Dispose();
        return ValueTask.CompletedTask;
    }

    public static byte[] Build(MessageHeader header, Action<XdrWriter>? content = null)
    {
        var writer = new XdrWriter();
        content?.Invoke(writer);
        header.WritePrefix(writer.Prefix, writer.Length);
        var bytes = writer.Message.ToArray();
        writer.Return();
        return bytes;
    }

    public static void Error(XdrWriter writer, LibvirtErrorCode code, string text) => writer
        .Int32((int)code).Int32((int)LibvirtErrorDomain.Qemu).OptionalString(text).Int32((int)LibvirtErrorLevel.Error)
        .UInt32(1).String("vm").Uuid(Guid.Empty).Int32(7)
        .OptionalString("one").OptionalString(null).OptionalString("three").Int32(4).Int32(5)
        .UInt32(1).String("net").Uuid(Guid.Empty);
}
