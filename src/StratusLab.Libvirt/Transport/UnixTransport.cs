using System.Net.Sockets;

namespace StratusLab.Libvirt.Transport;

/// <summary>A unix socket of this machine, chosen as libvirt's own client chooses it (docs/uri.rst, src/remote/remote_sockets.c).</summary>
internal static class UnixTransport
{
    public static async Task<Stream> ConnectAsync(LibvirtUri uri, bool readOnly, CancellationToken cancellationToken)
    {
        var path = uri.Socket ?? ChoosePath(uri, readOnly);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
        {
            socket.Dispose();
            throw new LibvirtConnectionException($"The unix socket {path} of {uri} cannot be reached: {e.Message}. {Advice(path, e)}", RequestState.NotSent, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Where a daemon's socket is: the driver's own daemon if its socket is there, else libvirtd's.</summary>
    public static string ChoosePath(LibvirtUri uri, bool readOnly)
    {
        var folder = uri.IsSession ? Path.Combine(RuntimeFolder(), "libvirt") : "/run/libvirt";
        var suffix = readOnly && !uri.IsSession ? "-sock-ro" : "-sock";
        var direct = Path.Combine(folder, $"virt{uri.Driver}d{suffix}");
        var legacy = Path.Combine(folder, $"libvirt{suffix}");
        return uri.Mode switch
        {
            DaemonMode.Direct => direct,
            DaemonMode.Legacy => legacy,
            _ => File.Exists(direct) ? direct : legacy,
        };
    }

    private static string RuntimeFolder() =>
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private static string Advice(string path, Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "Join the group that owns it (often \"libvirt\"), or connect as root.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "Nothing listens on it: start libvirtd.",
        ArgumentOutOfRangeException => "A socket's path can have about 107 bytes.",
        _ => File.Exists(path) ? "Start libvirtd." : "It does not exist: start libvirtd, or name its socket with ?socket=PATH.",
    };
}
