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
        using var issuerKey = authority.GetECDsaPrivateKey()!;
        var generator = shape.OverSha1 ? new Sha1Generator(issuerKey) : X509SignatureGenerator.CreateForECDsa(issuerKey);
        using var bare = request.Create(authority.SubjectName, generator, shape.NotBefore, shape.NotAfter, serial);
        return key is ECDsa own ? bare.CopyWithPrivateKey(own) : bare.CopyWithPrivateKey((RSA)key);
    }

    public static ImageSigner Signer(this X509Certificate2 certificate, params X509Certificate2[] chain) => new(certificate, [.. chain]);

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key, Shape shape)
    {
        var name = new X500DistinguishedName(subject, X500DistinguishedNameFlags.Reversed);
        var request = key is ECDsa ec ? new CertificateRequest(name, ec, HashAlgorithmName.SHA256) : new CertificateRequest(name, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
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

        public bool OverSha1 { get; init; }

        public X509KeyUsageFlags? KeyUsage { get; init; }

        public string[] Uses { get; init; } = [];

        public AsymmetricAlgorithm NewKey() => RsaBits > 0 ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }

    // The framework's own no longer sign over SHA-1; the identifier is that of ecdsa-with-SHA1 (RFC 3279).
    private sealed class Sha1Generator(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
            using (writer.PushSequence()) writer.WriteObjectIdentifier("1.2.840.10045.4.1");
            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
