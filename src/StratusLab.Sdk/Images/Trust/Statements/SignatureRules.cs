using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Sdk;

/// <summary>Which certificates may sign statements, and with what.</summary>
internal static class SignatureRules
{
    /// <summary>SHA-256 (NIST, Computer Security Objects Register).</summary>
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";

    private const int MinRsaBits = 2048;
    private const int MinEcBits = 256;

    private static readonly string[] StrongDigests = [Sha256, "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    // md2, md4, md5 and sha1 with RSA (RFC 8017), sha1 with ECDSA (RFC 3279), sha1 with DSA: what no certificate may be signed with.
    private static readonly string[] WeakSignatures =
        ["1.2.840.113549.1.1.2", "1.2.840.113549.1.1.3", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.2.840.10040.4.3", "1.3.14.3.2.29"];

    // Code signing, email protection, document signing (RFC 9336 and Microsoft's), any; and client authentication, which is what grid users' certificates have.
    private static readonly string[] FittingUses =
        ["1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12", "2.5.29.37.0", "1.3.6.1.5.5.7.3.2"];

    public static bool IsStrongDigest(Oid digest) => StrongDigests.Contains(digest.Value);

    /// <summary>Why a certificate cannot sign statements, whoever it belongs to; null if it can. Its time is not looked at.</summary>
    public static string? ProblemOf(X509Certificate2 certificate)
    {
        if (IsAuthority(certificate)) return "its certificate is that of a certification authority, which signs certificates and nothing else";
        if (certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage
            && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
            return "its certificate is not for signing: the key usage does not have digitalSignature";
        if (certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } uses
            && !uses.EnhancedKeyUsages.Cast<Oid>().Any(u => FittingUses.Contains(u.Value)))
            return "its certificate is for another purpose: the extended key usage has none of code signing, email protection, document signing and client authentication";
        return KeyProblemOf(certificate);
    }

    /// <summary>Why a key or the signature on its certificate is too weak; null if it is not.</summary>
    public static string? KeyProblemOf(X509Certificate2 certificate)
    {
        // The signature of a root on itself proves nothing, whatever it is made with.
        var isRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
        if (!isRoot && WeakSignatures.Contains(certificate.SignatureAlgorithm.Value)) return "its certificate is signed with SHA-1 or older, which can be forged";
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null) return rsa.KeySize < MinRsaBits ? $"its RSA key has {rsa.KeySize} bits; {MinRsaBits} or more are needed" : null;
        using var ec = certificate.GetECDsaPublicKey();
        if (ec is null) return "its key is neither RSA nor ECDSA";
        return ec.KeySize < MinEcBits ? $"its ECDSA key has {ec.KeySize} bits; {MinEcBits} or more are needed" : null;
    }

    public static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };

    /// <summary>Why a certificate does not hold at a time; null if it does.</summary>
    public static string? TimeProblemOf(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (now < ValidFrom(certificate)) return $"its certificate is not valid before {Show(ValidFrom(certificate))}";
        return now > ValidUntil(certificate) ? $"its certificate expired on {Show(ValidUntil(certificate))}" : null;
    }

    public static DateTimeOffset ValidFrom(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime());

    public static DateTimeOffset ValidUntil(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    public static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}
