using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;

namespace StratusLab.Rig.Proxy;

/// <summary>One client's connection through the proxy.</summary>
internal sealed class ProxyConnection(
    Socket client, string target, TimeSpan oneWay, Func<PacketHeader, CancellationToken, ValueTask<PacketVerdict>> judge)
{
    private const int LargestPacket = 64 * 1024 * 1024;

    public void Cut() => client.Dispose();

    public async Task RunAsync(CancellationToken stop)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint(target), end.Token);
            await using var near = new NetworkStream(client);
            await using var far = new NetworkStream(server);
            await Task.WhenAny(PumpAsync(near, far, end.Token), PumpAsync(far, near, end.Token));
            await end.CancelAsync();
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Either side is gone, and so is the other then.
        }
        finally
        {
            client.Dispose();
        }
    }

    // Packets in flight overlap, as on a real link: each is delayed by itself, not behind the delay of the one before.
    private async Task PumpAsync(Stream from, Stream to, CancellationToken cancel)
    {
        var link = Channel.CreateBounded<(long Due, byte[] Packet)>(4096);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var sending = SendAsync(link.Reader, to, both.Token);
        try
        {
            while (await ReadAsync(from, both.Token) is { } packet)
            {
                var verdict = await judge(PacketHeader.Read(packet), both.Token);
                if (verdict == PacketVerdict.Cut)
                    break;
                if (verdict == PacketVerdict.Forward)
                    await link.Writer.WriteAsync((Environment.TickCount64 + (long)oneWay.TotalMilliseconds, packet), both.Token);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection ends.
        }
        finally
        {
            await both.CancelAsync();
            await sending;
        }
    }

    private static async Task SendAsync(ChannelReader<(long Due, byte[] Packet)> link, Stream to, CancellationToken cancel)
    {
        try
        {
            await foreach (var (due, packet) in link.ReadAllAsync(cancel))
            {
                var wait = due - Environment.TickCount64;
                if (wait > 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(wait), cancel);
                await to.WriteAsync(packet, cancel);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection ends.
        }
    }

    private static async Task<byte[]?> ReadAsync(Stream from, CancellationToken cancel)
    {
        var word = new byte[4];
        if (await from.ReadAtLeastAsync(word, 4, throwOnEndOfStream: false, cancel) < 4)
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(word);
        if (length is < PacketHeader.Size or > LargestPacket)
            throw new IOException($"Not a libvirt packet: its length would be {length}.");
        var packet = new byte[length];
        word.CopyTo(packet, 0);
        await from.ReadExactlyAsync(packet.AsMemory(4), cancel);
        return packet;
    }
}
