using System.Net;
using System.Net.Sockets;

namespace StratusLab.Sdk;

/// <summary>Whether an ssh server answers: it speaks first, and begins with "SSH-" (RFC 4253, section 4.2).</summary>
internal static class SshBanner
{
    public const int Port = 22;

    private const int MaxPreamble = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Null if one answers, else why not.</summary>
    public static async Task<string?> FindProblemAsync(IPAddress address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, Port), patience.Token).ConfigureAwait(false);
            return await HasBannerAsync(socket, patience.Token).ConfigureAwait(false) ? null : $"{address} port {Port} answers, but not as an ssh server";
        }
        catch (SocketException e)
        {
            return $"{address} port {Port}: {e.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{address} port {Port} does not answer";
        }
    }

    // Lines before the banner are allowed.
    private static async Task<bool> HasBannerAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxPreamble];
        var count = 0;
        while (count < buffer.Length)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
            if (read == 0) return false;
            count += read;
            var text = buffer.AsSpan(0, count);
            if (text.StartsWith("SSH-"u8) || text.IndexOf("\nSSH-"u8) >= 0) return true;
        }

        return false;
    }
}
