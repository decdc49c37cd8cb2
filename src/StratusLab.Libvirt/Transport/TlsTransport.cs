using System.Net.Security;
using System.Security.Authentication;

namespace StratusLab.Libvirt.Transport;

/// <summary>TLS to libvirtd, with the certificates that libvirt's own client would use.</summary>
internal static class TlsTransport
{
    /// <summary>LIBVIRTD_TLS_PORT.</summary>
    private const int DefaultPort = 16514;

    /// <summary>What a server sends once it has accepted the client's certificate (src/rpc/virnetclient.c).</summary>
    private const byte Accepted = 1;

    public static async Task<Stream> ConnectAsync(LibvirtUri uri, CancellationToken cancellationToken)
    {
        using var credentials = TlsCredentials.Load(uri);
        var tcp = await TcpTransport.ConnectAsync(uri, DefaultPort, cancellationToken).ConfigureAwait(false);
        var verifier = new ServerCertificateVerifier(uri, credentials);
        var tls = new SslStream(tcp, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = uri.Host,
                    ClientCertificates = credentials.Client is { } client ? [client] : null,
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) => verifier.Verify(certificate, chain),
                },
                cancellationToken).ConfigureAwait(false);
            await AwaitAcceptanceAsync(tls, uri, credentials, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            var reason = verifier.Refusal ?? $"the TLS handshake failed: {e.Message}";
            throw new LibvirtConnectionException($"{uri} cannot be opened: {reason}", RequestState.NotSent, e);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task AwaitAcceptanceAsync(SslStream tls, LibvirtUri uri, TlsCredentials credentials, CancellationToken cancellationToken)
    {
        var answer = new byte[1];
        Exception? cause = null;
        try
        {
            if (await tls.ReadAsync(answer, cancellationToken).ConfigureAwait(false) == 1 && answer[0] == Accepted)
                return;
        }
        catch (IOException e)
        {
            cause = e;
        }

        var what = credentials.Client is { } client
            ? $"the server refused the client certificate {client.Subject} ({credentials.ClientPath})"
            : $"the server wants a client certificate and there is none at {credentials.ClientPath}";
        throw new LibvirtConnectionException($"{uri} cannot be opened: {what}.", RequestState.NotSent, cause);
    }
}
