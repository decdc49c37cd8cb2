using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Libvirt.Transport;

/// <summary>
/// Certificates in the folders that libvirt uses (libvirt.org/kbase/tlscerts.html): those of the <c>pkipath</c> parameter, else the
/// user's in ~/.pki/libvirt, else the system's in /etc/pki.
/// </summary>
internal sealed class TlsCredentials : IDisposable
{
    private TlsCredentials(string clientPath) => ClientPath = clientPath;

    public X509Certificate2Collection Authorities { get; } = [];

    public X509Certificate2? Client { get; private init; }

    /// <summary>Where the client's certificate is, or would be.</summary>
    public string ClientPath { get; }

    /// <summary>The authority's revocation list, if there is one.</summary>
    public CertificateRevocationListBuilder? Revoked { get; private init; }

    public static TlsCredentials Load(LibvirtUri uri)
    {
        var (authority, revoked, certificate, key) = Locate(uri.PkiPath);
        try
        {
            var result = new TlsCredentials(certificate)
            {
                Client = File.Exists(certificate) ? LoadClient(certificate, key) : null,
                Revoked = File.Exists(revoked) ? CertificateRevocationListBuilder.LoadPem(File.ReadAllText(revoked), out _) : null,
            };
            if (!uri.NoVerify)
                result.Authorities.ImportFromPemFile(authority);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new LibvirtConnectionException(
                $"The certificates for {uri} cannot be read: {e.Message} They are the authority's {authority}, this client's {certificate} and its key {key}; ?pkipath=FOLDER names another folder.",
                RequestState.NotSent,
                e);
        }
    }

    public void Dispose()
    {
        Client?.Dispose();
        foreach (var authority in Authorities)
            authority.Dispose();
    }

    private static (string Authority, string Revoked, string Certificate, string Key) Locate(string? folder)
    {
        if (folder is not null)
            return Flat(folder);
        var user = Flat(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pki", "libvirt"));
        var system = (Authority: "/etc/pki/CA/cacert.pem", Revoked: "/etc/pki/CA/cacrl.pem", Certificate: "/etc/pki/libvirt/clientcert.pem", Key: "/etc/pki/libvirt/private/clientkey.pem");
        if (File.Exists(user.Authority))
            (system.Authority, system.Revoked) = (user.Authority, user.Revoked);
        if (File.Exists(user.Certificate) && File.Exists(user.Key))
            (system.Certificate, system.Key) = (user.Certificate, user.Key);
        return system;
    }

    private static (string Authority, string Revoked, string Certificate, string Key) Flat(string folder) =>
        (Path.Combine(folder, "cacert.pem"), Path.Combine(folder, "cacrl.pem"), Path.Combine(folder, "clientcert.pem"), Path.Combine(folder, "clientkey.pem"));

    private static X509Certificate2 LoadClient(string certificate, string key)
    {
        var loaded = X509Certificate2.CreateFromPemFile(certificate, key);
        if (OperatingSystem.IsLinux())
            return loaded;

        // The TLS of Windows and macOS takes keys from a store only, which importing a PKCS #12 puts them into.
        using (loaded)
            return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
    }
}
