using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Rig.Hosts;

/// <summary>A certificate authority with a server's and a client's certificate, as the PEM files that libvirt reads.</summary>
public sealed class CertificateFolder
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly string _folder;

    private CertificateFolder(string folder) => _folder = folder;

    /// <summary>Holds <c>cacert.pem</c>, <c>servercert.pem</c>, <c>serverkey.pem</c>: the files of the daemon.</summary>
    public string Server => Path.Combine(_folder, "server");

    /// <summary>Holds <c>cacert.pem</c>, <c>clientcert.pem</c>, <c>clientkey.pem</c>: a <c>pkipath</c>.</summary>
    public string Client => Path.Combine(_folder, "client");

    /// <summary>Makes the authority and both certificates, valid from yesterday for a month.</summary>
    public static CertificateFolder Create(string folder, IPAddress address, params IEnumerable<string> names)
    {
        var made = new CertificateFolder(folder);
        using var authority = Authority(out var authorityKey);
        using (authorityKey)
        {
            made.Write(made.Server, "server", authority, ServerAuthentication, request =>
            {
                var alternatives = new SubjectAlternativeNameBuilder();
                alternatives.AddIpAddress(address);
                foreach (var name in names)
                    alternatives.AddDnsName(name);
                request.CertificateExtensions.Add(alternatives.Build());
            });
            made.Write(made.Client, "client", authority, ClientAuthentication, _ => { });
        }
        return made;
    }

    private static X509Certificate2 Authority(out RSA key)
    {
        key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Rig Authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(31));
    }

    private void Write(string folder, string role, X509Certificate2 authority, string usage, Action<CertificateRequest> add)
    {
        Directory.CreateDirectory(folder);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"O=StratusLab Rig,CN={role}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        add(request);
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(8));

        File.WriteAllText(Path.Combine(folder, "cacert.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, role + "cert.pem"), certificate.ExportCertificatePem());
        PrivateFile.Write(Path.Combine(folder, role + "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
