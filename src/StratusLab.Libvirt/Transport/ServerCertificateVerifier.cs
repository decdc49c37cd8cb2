using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Libvirt.Transport;

/// <summary>Decides whether a server is the one that was meant: its certificate leads to the authority, is in time, for servers, not revoked, and bears the host's name.</summary>
internal sealed class ServerCertificateVerifier(LibvirtUri uri, TlsCredentials credentials)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Why the certificate was refused.</summary>
    public string? Refusal { get; private set; }

    public bool Verify(X509Certificate? certificate, X509Chain? presented)
    {
        if (uri.NoVerify)
            return true;
        Refusal = certificate is X509Certificate2 server ? Check(server, presented) : "the server showed no certificate.";
        return Refusal is null;
    }

    private string? Check(X509Certificate2 server, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(credentials.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);

        if (!chain.Build(server))
        {
            var reasons = string.Join(" ", chain.ChainStatus.Select(static s => s.StatusInformation.Trim()).Distinct(StringComparer.Ordinal));
            return $"the server's certificate {server.Subject} is not trusted: {reasons}";
        }

        if (credentials.Revoked?.RemoveEntry(server.SerialNumberBytes.Span) == true)
            return $"the server's certificate {server.Subject} has been revoked.";
        return server.MatchesHostname(uri.Host!)
            ? null
            : $"the server's certificate {server.Subject} is not for host {uri.Host}. Use the name that the certificate bears, or have it issued for this name too.";
    }
}
