using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;
using Xunit;

namespace StratusLab.Libvirt.Tests.Rpc;

public sealed class StreamTests
{
    private static readonly StorageVolumeRef Volume = new("pool", "volume", "/key");

    [Fact]
    public async Task Download_hands_on_data_and_holes_and_ends_when_the_server_confirms()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        var opening = libvirt.Volumes.OpenDownloadAsync(Volume, new VolumeTransferOptions { Sparse = true });
        var call = await server.ReceiveAsync(RemoteProcedure.StorageVolDownload);
        await server.ReplyAsync(call);
        await server.StreamAsync(call, MessageStatus.Continue, w => w.Raw("abc"u8));
        await server.StreamAsync(call, MessageStatus.Continue, w => w.Int64(2).UInt32(0), MessageType.StreamHole);
        await server.StreamAsync(call, MessageStatus.Continue, w => w.Raw("d"u8));
        await server.StreamAsync(call, MessageStatus.Continue);
        await using var download = await opening;
        using var whole = new MemoryStream();
        var copying = download.CopyToAsync(whole);
        var finish = await server.ReceiveAsync(RemoteProcedure.StorageVolDownload);
        Assert.Equal((MessageType.Stream, MessageStatus.Ok, call.Serial), (finish.Type, finish.Status, finish.Serial));
        Assert.False(copying.IsCompleted);
        await server.StreamAsync(call, MessageStatus.Ok);
        await copying;
        Assert.Equal("abc\0\0d"u8.ToArray(), whole.ToArray());
    }

    [Fact]
    public async Task Upload_sends_zeros_as_holes_and_waits_for_the_servers_word()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        var content = new byte[3 * 65_536 * 4];
        content[0] = 1;
        content[^1] = 2;
        var uploading = libvirt.Volumes.UploadAsync(Volume, new MemoryStream(content), new VolumeTransferOptions { Sparse = true });
        var call = await server.ReceiveAsync(RemoteProcedure.StorageVolUpload);
        await server.ReplyAsync(call);
        var first = await server.ReceiveAsync();
        var hole = await server.ReceiveAsync();
        var last = await server.ReceiveAsync();
        var end = await server.ReceiveAsync();
        Assert.Equal((MessageType.Stream, 3 * 65_536), (first.Type, first.Payload.Length));
        Assert.Equal((MessageType.StreamHole, 2 * 3 * 65_536L), (hole.Type, hole.Reader.ReadInt64()));
        Assert.Equal((byte)2, last.Payload[^1]);
        Assert.Equal((MessageStatus.Ok, 0), (end.Status, end.Payload.Length));
        Assert.False(uploading.IsCompleted);
        await server.StreamAsync(call, MessageStatus.Ok);
        Assert.Equal(content.Length, await uploading);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // as libvirtd does when a hole is refused
    public async Task Server_that_cannot_write_ends_the_upload_with_its_own_words(bool byReply)
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        var uploading = libvirt.Volumes.UploadAsync(Volume, new EndlessStream());
        var call = await server.ReceiveAsync(RemoteProcedure.StorageVolUpload);
        await server.ReplyAsync(call);
        await server.ReceiveAsync();
        await server.StreamAsync(call, MessageStatus.Error, w => MockServer.Error(w, LibvirtErrorCode.SystemError, "No space left on device"), byReply ? MessageType.Reply : MessageType.Stream);
        using var draining = new CancellationTokenSource();
        var drain = DrainAsync(server, draining.Token);
        var failure = await Assert.ThrowsAsync<LibvirtServerException>(() => uploading);
        Assert.Equal("No space left on device", failure.Text);
        Assert.True(libvirt.IsOpen);
        server.Close();
        await drain;
    }

    [Fact]
    public async Task Cancelled_upload_is_aborted_at_the_server_and_the_connection_goes_on()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var uploading = libvirt.Volumes.UploadAsync(Volume, new EndlessStream(), cancellationToken: cancel.Token);
        var call = await server.ReceiveAsync(RemoteProcedure.StorageVolUpload);
        await server.ReplyAsync(call);
        await server.ReceiveAsync();
        await cancel.CancelAsync();
        MockMessage packet;
        do
        {
            packet = await server.ReceiveAsync();
        }
        while (packet.Status == MessageStatus.Continue);
        Assert.Equal((MessageType.Stream, MessageStatus.Error, 0), (packet.Type, packet.Status, packet.Payload.Length));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => uploading);

        await server.StreamAsync(call, MessageStatus.Ok);
        var query = libvirt.Node.GetHostNameAsync();
        await server.ReplyAsync(await server.ReceiveAsync(RemoteProcedure.ConnectGetHostname), w => w.String("fine"));
        Assert.Equal("fine", await query);
    }

    [Fact]
    public async Task Opening_that_was_cancelled_is_aborted_when_the_server_opens_the_stream_after_all()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var opening = libvirt.Domains.OpenConsoleAsync(new DomainRef("vm", Guid.Empty), cancellationToken: cancel.Token);
        var call = await server.ReceiveAsync(RemoteProcedure.DomainOpenConsole);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        await server.ReplyAsync(call);
        var abort = await server.ReceiveAsync();
        Assert.Equal((MessageType.Stream, MessageStatus.Error, call.Serial), (abort.Type, abort.Status, abort.Serial));
    }

    [Fact]
    public async Task Opening_that_is_cancelled_just_as_the_server_opens_the_stream_is_aborted_too()
    {
        await using var server = await MockServer.StartAsync();
        await using var rpc = server.Connect();
        using var cancel = new CancellationTokenSource();
        var opening = rpc.CallAsync(
            CallLane.Command, RemoteProcedure.DomainOpenConsole, new XdrWriter(), CancelThenDecode, new RpcStream(rpc, 1000), cancel.Token);
        var call = await server.ReceiveAsync(RemoteProcedure.DomainOpenConsole);
        await server.ReplyAsync(call);
        var abort = await server.ReceiveAsync();
        Assert.Equal((MessageType.Stream, MessageStatus.Error, call.Serial), (abort.Type, abort.Status, abort.Serial));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);

        bool CancelThenDecode(ref XdrReader reader)
        {
            cancel.Cancel();
            return true;
        }
    }

    [Fact]
    public async Task Reader_that_stalls_loses_its_stream_and_the_other_calls_go_on()
    {
        await using var server = await MockServer.StartAsync();
        var options = new LibvirtConnectionOptions { StreamBufferSize = 100_000, StreamStallTimeout = TimeSpan.FromMilliseconds(300) };
        await using var libvirt = await server.OpenAsync(options);
        var opening = libvirt.Volumes.OpenDownloadAsync(Volume);
        var call = await server.ReceiveAsync(RemoteProcedure.StorageVolDownload);
        await server.ReplyAsync(call);
        await using var download = await opening;
        var query = libvirt.Node.GetHostNameAsync();
        var queryCall = await server.ReceiveAsync(RemoteProcedure.ConnectGetHostname);
        for (var i = 0; i < 3; i++)
            await server.StreamAsync(call, MessageStatus.Continue, w => w.Raw(new byte[60_000]));
        await server.ReplyAsync(queryCall, w => w.String("not held up for ever"));

        Assert.Equal("not held up for ever", await query);
        var abort = await server.ReceiveAsync();
        Assert.Equal((MessageType.Stream, MessageStatus.Error), (abort.Type, abort.Status));
        var failure = await Assert.ThrowsAsync<LibvirtConnectionException>(() => download.ReadAsync(new byte[10]).AsTask());
        Assert.Contains("unread", failure.Message, StringComparison.Ordinal);
        Assert.True(libvirt.IsOpen);
    }

    [Fact]
    public async Task Cancelled_read_of_a_console_loses_nothing()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        var opening = libvirt.Domains.OpenConsoleAsync(new DomainRef("vm", Guid.Empty));
        var call = await server.ReceiveAsync(RemoteProcedure.DomainOpenConsole);
        await server.ReplyAsync(call);
        await using var console = await opening;
        var buffer = new byte[10];
        using var cancel = new CancellationTokenSource();
        var reading = console.ReadAsync(buffer, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await server.StreamAsync(call, MessageStatus.Continue, w => w.Raw("login:"u8));
        Assert.Equal(6, await console.ReadAsync(buffer));

        var writing = console.WriteAsync("root\n"u8.ToArray());
        Assert.Equal("root\n"u8.ToArray(), (await server.ReceiveAsync()).Payload);
        await writing;
    }

    [Fact]
    public async Task Connection_that_ends_ends_its_streams()
    {
        await using var server = await MockServer.StartAsync();
        await using var libvirt = await server.OpenAsync();
        var opening = libvirt.Volumes.OpenDownloadAsync(Volume);
        await server.ReplyAsync(await server.ReceiveAsync(RemoteProcedure.StorageVolDownload));
        await using var download = await opening;
        var reading = download.ReadAsync(new byte[10]).AsTask();
        server.Close();
        await Assert.ThrowsAsync<LibvirtConnectionException>(() => reading);
    }

    private static async Task DrainAsync(MockServer server, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
                await server.ReceiveAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
