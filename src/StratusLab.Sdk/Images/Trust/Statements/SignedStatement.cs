using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A statement inside CMS signed data (RFC 5652) whose signature is good. Whether the signer counts is decided elsewhere.</summary>
internal sealed class SignedStatement : IDisposable
{
    private SignedStatement(ImageStatement statement, X509Certificate2 signer, X509Certificate2Collection certificates)
    {
        Statement = statement;
        Signer = signer;
        Certificates = certificates;
    }

    public ImageStatement Statement { get; }

    public X509Certificate2 Signer { get; }

    /// <summary>What the signer sent along, its own certificate included.</summary>
    public X509Certificate2Collection Certificates { get; }

    public static byte[] Sign(ImageStatement statement, X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        var cms = new SignedCms(new ContentInfo(ImageStatementJson.Write(statement)));
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            DigestAlgorithm = new Oid(SignatureRules.Sha256),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        signer.Certificates.AddRange(chain);
        signer.SignedAttributes.Add(new Pkcs9SigningTime(statement.IssuedAt.UtcDateTime));
        cms.ComputeSignature(signer, silent: true);
        return cms.Encode();
    }

    /// <summary>Reads it and checks the signature.</summary>
    /// <exception cref="CryptographicException">It is no such data, or the signature does not fit; the message says what is wrong.</exception>
    public static SignedStatement Read(ReadOnlySpan<byte> content)
    {
        var cms = new SignedCms();
        try
        {
            cms.Decode(content);
        }
        catch (Exception e) when (e is CryptographicException or System.Formats.Asn1.AsnContentException)
        {
            throw new CryptographicException("it is no CMS signed data, or was changed", e);
        }

        if (cms.ContentInfo.Content.Length == 0) throw new CryptographicException("it holds a signature without what was signed");
        if (cms.SignerInfos.Count != 1) throw new CryptographicException($"it has {cms.SignerInfos.Count} signatures where there must be one");
        var signature = cms.SignerInfos[0];
        var certificates = cms.Certificates;
        var signer = signature.Certificate;
        try
        {
            if (signer is null) throw new CryptographicException("the signer's certificate is not in it");
            if (!SignatureRules.IsStrongDigest(signature.DigestAlgorithm)) throw new CryptographicException("it is signed over a digest that is too weak; SHA-256 or better is needed");
            Check(signature);
            return new SignedStatement(Parse(cms.ContentInfo.Content), signer, certificates);
        }
        catch
        {
            foreach (var certificate in certificates) certificate.Dispose();
            signer?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var certificate in Certificates) certificate.Dispose();
        Signer.Dispose();
    }

    private static void Check(SignerInfo signature)
    {
        try
        {
            signature.CheckSignature(verifySignatureOnly: true);
        }
        catch (CryptographicException e)
        {
            throw new CryptographicException("the signature does not fit what it says: it was changed, or signed with another key", e);
        }
    }

    private static ImageStatement Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            var statement = ImageStatementJson.Read(content);
            StatementValidation.Validate(statement);
            return statement;
        }
        catch (JsonException e)
        {
            throw new CryptographicException("what was signed is no statement that this version understands", e);
        }
        catch (InvalidInputException e)
        {
            throw new CryptographicException(e.Message, e);
        }
    }
}
