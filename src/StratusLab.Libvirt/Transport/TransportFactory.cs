namespace StratusLab.Libvirt.Transport;

/// <summary>Turns a URI into a duplex stream to its server.</summary>
internal static class TransportFactory
{
    public static Task<Stream> ConnectAsync(LibvirtUri uri, LibvirtConnectionOptions options, CancellationToken cancellationToken) => uri.Transport switch
    {
        LibvirtTransport.Unix => UnixTransport.ConnectAsync(uri, options.ReadOnly, cancellationToken),
        LibvirtTransport.Tcp => TcpTransport.ConnectAsync(uri, TcpTransport.DefaultPort, cancellationToken),
        LibvirtTransport.Tls => TlsTransport.ConnectAsync(uri, cancellationToken),
        _ => Task.FromResult<Stream>(SshTransport.Connect(uri, options.ReadOnly)),
    };
}
