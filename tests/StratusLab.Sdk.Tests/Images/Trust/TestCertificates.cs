using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Sdk.Tests;

/// <summary>Certificates for tests, made in memory.</summary>
internal static class TestCertificates
{
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    /// <summary>A certificate that signs itself and is no authority.</summary>
    public static X509Certificate2 SelfSigned(string subject, Shape? shape = null)
    {
        shape ??= new Shape();
        using var key = shape.NewKey();
        var request = Request(subject, key, shape);
        return request.CreateSelfSigned(shape.NotBefore, shape.NotAfter);
    }

    /// <summary>A certification authority that signs itself.</summary>
    public static X509Certificate2 Authority(string subject = "CN=Lab CA,O=Lab,C=CH") => SelfSigned(subject, new Shape { IsAuthority = true });

    /// <summary>A certificate that an authority issued.</summary>
    public static X509Certificate2 Issue(this X509Certificate2 authority, string subject, Shape? shape = null)
    {
        shape ??= new Shape();
        using var key = shape.NewKey();
        var request = Request(subject, key, shape);
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var issuerKey = (AsymmetricAlgorithm?)authority.GetECDsaPrivateKey() ?? authority.GetRSAPrivateKey()!;
        var generator = issuerKey is ECDsa ec ? X509SignatureGenerator.CreateForECDsa(ec) : X509SignatureGenerator.CreateForRSA((RSA)issuerKey, RSASignaturePadding.Pkcs1);
        using var bare = request.Create(authority.SubjectName, generator, shape.NotBefore, shape.NotAfter, serial);
        return key is ECDsa own ? bare.CopyWithPrivateKey(own) : bare.CopyWithPrivateKey((RSA)key);
    }

    public static ImageSigner Signer(this X509Certificate2 certificate, params X509Certificate2[] chain) => new(certificate, [.. chain]);

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key, Shape shape)
    {
        var name = new X500DistinguishedName(subject, X500DistinguishedNameFlags.Reversed);
        var request = key is ECDsa ec ? new CertificateRequest(name, ec, shape.Hash) : new CertificateRequest(name, (RSA)key, shape.Hash, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(shape.IsAuthority, false, 0, true));
        if ((shape.KeyUsage ?? (shape.IsAuthority ? X509KeyUsageFlags.KeyCertSign : null)) is { } usage)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        if (shape.Uses.Length > 0) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. shape.Uses.Select(u => new Oid(u))], false));
        return request;
    }

    internal sealed record Shape
    {
        public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UtcNow.AddDays(-1);

        public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow.AddDays(30);

        public bool IsAuthority { get; init; }

        public int RsaBits { get; init; }

        public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

        public X509KeyUsageFlags? KeyUsage { get; init; }

        public string[] Uses { get; init; } = [];

        public AsymmetricAlgorithm NewKey() => RsaBits > 0 ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }
}
