using System.Globalization;

namespace StratusLab.Libvirt;

/// <summary>
/// A libvirt connection URI: <c>driver[+transport]://[user@][host][:port]/[path][?parameters]</c>
/// (libvirt.org/uri.html). Parameters that steer this client are taken out; others go to the server.
/// </summary>
public sealed partial record LibvirtUri
{
    private LibvirtUri(string text) => Text = text;

    /// <summary>The URI as it was given.</summary>
    public string Text { get; }

    /// <summary>The driver, such as <c>qemu</c> or <c>test</c>.</summary>
    public string Driver { get; private init; } = "";

    /// <summary>How the server is reached.</summary>
    public LibvirtTransport Transport { get; private init; }

    /// <summary>The server's host name or address; <see langword="null"/> for this machine.</summary>
    public string? Host { get; private init; }

    /// <summary>The server's port; <see langword="null"/> for the transport's own (16509 TCP, 16514 TLS, ssh's configuration).</summary>
    public int? Port { get; private init; }

    /// <summary>The user name for ssh and SASL, if given.</summary>
    public string? User { get; private init; }

    /// <summary>The path as the driver sees it, with its leading slash: <c>/system</c>, <c>/session</c>, a file for the test driver.</summary>
    public string Path { get; private init; } = "";

    /// <summary>Path of the server's unix socket (<c>socket</c>).</summary>
    public string? Socket { get; private init; }

    /// <summary>Path of the private key that ssh is to use (<c>keyfile</c>).</summary>
    public string? KeyFile { get; private init; }

    /// <summary>Whether the server's certificate or ssh host key is taken unchecked (<c>no_verify=1</c>).</summary>
    public bool NoVerify { get; private init; }

    /// <summary>Whether ssh must not ask on a terminal (<c>no_tty=1</c>).</summary>
    public bool NoTty { get; private init; }

    /// <summary>Path of the ssh client to run instead of <c>ssh</c> (<c>command</c>).</summary>
    public string? Command { get; private init; }

    /// <summary>Path of netcat at the far end (<c>netcat</c>).</summary>
    public string? Netcat { get; private init; }

    /// <summary>What ssh runs at the far end (<c>proxy</c>).</summary>
    public SshProxyMode Proxy { get; private init; }

    /// <summary>Which daemon's socket is used (<c>mode</c>).</summary>
    public DaemonMode Mode { get; private init; }

    /// <summary>Folder with <c>cacert.pem</c>, <c>clientcert.pem</c> and <c>clientkey.pem</c> (<c>pkipath</c>).</summary>
    public string? PkiPath { get; private init; }

    /// <summary>Path of a file with credentials (<c>authfile</c>).</summary>
    public string? AuthFile { get; private init; }

    /// <summary>What the server is asked to open: the driver, the path and the parameters that are its own.</summary>
    public string ServerName { get; private init; } = "";

    /// <summary>Whether a per-user daemon is meant, from <c>/session</c>.</summary>
    public bool IsSession => Path == "/session";

    /// <summary>The transport, host and socket, for messages.</summary>
    public string Endpoint => Transport switch
    {
        LibvirtTransport.Unix => Socket is null ? Text : $"unix socket {Socket}",
        LibvirtTransport.Tcp => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port ?? 16509}"),
        LibvirtTransport.Tls => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port ?? 16514} (TLS)"),
        _ => $"{Host} (ssh)",
    };

    /// <inheritdoc/>
    public override string ToString() => Text;
}
