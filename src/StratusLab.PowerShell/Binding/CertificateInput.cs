using System.Security.Cryptography.X509Certificates;

namespace StratusLab.PowerShell;

/// <summary>A certificate as users give it: an object, or the path of a file.</summary>
public sealed class CertificateInput
{
    /// <summary>Takes a path.</summary>
    /// <param name="path">A file in PKCS#12, PEM or DER.</param>
    public CertificateInput(string path) => Path = path;

    /// <summary>Takes a file.</summary>
    /// <param name="file">A file in PKCS#12, PEM or DER.</param>
    public CertificateInput(FileInfo file) => Path = file.FullName;

    /// <summary>Takes a certificate, as <c>Get-PfxCertificate</c> or the drive <c>Cert:</c> give it; it stays the caller's.</summary>
    /// <param name="certificate">The certificate.</param>
    public CertificateInput(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>The path; null where a certificate was given.</summary>
    public string? Path { get; }

    /// <summary>The certificate; null where a path was given.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The path or the subject.</summary>
    public override string ToString() => Path ?? Certificate!.Subject;
}
