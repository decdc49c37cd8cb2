using System.Globalization;
using System.Net.Sockets;

namespace StratusLab.Libvirt.Transport;

/// <summary>A TCP connection to libvirtd.</summary>
internal static class TcpTransport
{
    /// <summary>LIBVIRTD_TCP_PORT.</summary>
    public const int DefaultPort = 16509;

    public static async Task<Stream> ConnectAsync(LibvirtUri uri, int defaultPort, CancellationToken cancellationToken)
    {
        var port = uri.Port ?? defaultPort;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(uri.Host!, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LibvirtConnectionException(string.Create(CultureInfo.InvariantCulture, $"{uri.Host} port {port} of {uri} cannot be reached: {e.Message}. {Advice(e)}"), RequestState.NotSent, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Advice(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "Check that libvirtd listens there (--listen, or its tcp or tls socket unit).",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "Check the host's name.",
        _ => "Check the host and the way to it.",
    };
}
