using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Sdk;

/// <summary>An X.509 certificate as StratusLab tells of it.</summary>
public sealed record EndorserCertificate
{
    /// <summary>SHA-256 of the certificate, 64 lower-case hexadecimal digits.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>Whom it names, such as <c>CN=Jane Doe,O=Lab,C=CH</c> (RFC 4514).</summary>
    public required string Subject { get; init; }

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>From when it holds, in UTC.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when it holds, in UTC.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>The certificate in PEM.</summary>
    public required string Pem { get; init; }

    /// <summary>The subject.</summary>
    public override string ToString() => Subject;

    internal static EndorserCertificate Of(X509Certificate2 certificate) => new()
    {
        Thumbprint = ThumbprintOf(certificate),
        Subject = DistinguishedName.Of(certificate.SubjectName).ToString(),
        Issuer = DistinguishedName.Of(certificate.IssuerName).ToString(),
        ValidFrom = SignatureRules.ValidFrom(certificate),
        ValidUntil = SignatureRules.ValidUntil(certificate),
        Pem = certificate.ExportCertificatePem(),
    };

    internal static string ThumbprintOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));
}
