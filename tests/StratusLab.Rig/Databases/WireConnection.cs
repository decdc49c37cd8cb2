using System.Net.Sockets;
using System.Text;

namespace StratusLab.Rig.Databases;

/// <summary>One client's connection over a <see cref="PostgresWire"/>.</summary>
internal sealed class WireConnection(Socket client, string target, Func<WireFault> fault, Func<bool> isFrozen, (string From, string To)? disguise)
{
    private const int BufferSize = 64 << 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();

    private volatile bool _isMuted;

    public void Cut() => client.Dispose();

    public async Task RunAsync(CancellationToken stop)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint(target), end.Token);
            await Task.WhenAny(AskAsync(server, end.Token), AnswerAsync(server, end.Token));
        }
        catch (SocketException)
        {
            // The server is not there.
        }
        finally
        {
            await end.CancelAsync();
            client.Dispose();
        }
    }

    private async Task AskAsync(Socket server, CancellationToken cancel)
    {
        try
        {
            var buffer = new byte[BufferSize];
            while (await client.ReceiveAsync(buffer, cancel) is > 0 and var count)
            {
                var what = buffer.AsSpan(0, count).IndexOf(Commit) >= 0 ? fault() : WireFault.None;
                if (what == WireFault.CommitLost) return;
                _isMuted = what == WireFault.AnswerLost;
                while (isFrozen()) await Task.Delay(Pause, cancel);
                await server.SendAsync(buffer.AsMemory(0, count), cancel);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Either side is gone, and so is the other then.
        }
    }

    private async Task AnswerAsync(Socket server, CancellationToken cancel)
    {
        try
        {
            var buffer = new byte[BufferSize];
            while (await server.ReceiveAsync(buffer, cancel) is > 0 and var count && !_isMuted)
            {
                if (disguise is var (from, to) && buffer.AsSpan(0, count).IndexOf(Encoding.ASCII.GetBytes(from)) is >= 0 and var at) Encoding.ASCII.GetBytes(to, buffer.AsSpan(at));
                while (isFrozen()) await Task.Delay(Pause, cancel);
                await client.SendAsync(buffer.AsMemory(0, count), cancel);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // As above.
        }
    }
}
