using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Somebody who signs statements: a certificate with its private key (RSA of 2048 bits or more, or ECDSA of 256 or more).</summary>
public sealed class ImageSigner : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _chain;

    /// <summary>Takes a certificate with its private key, which stay the caller's to dispose of after the signer.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="chain">Certificates between it and its authority, which go into every statement; null for none.</param>
    /// <param name="clock">The clock that its validity is checked with; null for the system's.</param>
    /// <exception cref="InvalidInputException"><c>InvalidSigner</c>: it has no private key, has expired, or is not for signing.</exception>
    public ImageSigner(X509Certificate2 certificate, X509Certificate2Collection? chain = null, TimeProvider? clock = null)
    {
        var problem = certificate.HasPrivateKey ? null : "its private key is not there";
        problem ??= SignatureRules.TimeProblemOf(certificate, (clock ?? TimeProvider.System).GetUtcNow()) ?? SignatureRules.ProblemOf(certificate);
        if (problem is not null)
        {
            var subject = DistinguishedName.Of(certificate.SubjectName).ToString();
            throw new InvalidInputException("InvalidSigner", $"The certificate of {subject} cannot sign images: {problem}.", "Certificate") { Resource = subject };
        }

        _certificate = certificate;
        _chain = chain ?? [];
        Certificate = EndorserCertificate.Of(certificate);
    }

    /// <summary>The certificate that others know the signer by.</summary>
    public EndorserCertificate Certificate { get; }

    private bool OwnsCertificates { get; init; }

    /// <summary>Reads a signer from files.</summary>
    /// <param name="certificatePath">A PKCS#12 file (<c>.p12</c>, <c>.pfx</c>), or a PEM file with the certificate first, then those between it and its authority.</param>
    /// <param name="keyPath">The PEM file of the private key, where it is not in the first file.</param>
    /// <param name="password">The password of the PKCS#12 file or private key; empty for none. It is not kept.</param>
    /// <param name="clock">The clock that its validity is checked with; null for the system's.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidInputException">
    /// <c>CertificateFileNotFound</c>, <c>CertificateUnusable</c>, <c>SignerFileUnusable</c>, <c>SignerPasswordNeeded</c>, <c>SignerPasswordWrong</c>, <c>InvalidSigner</c>.
    /// </exception>
    public static async Task<ImageSigner> LoadAsync(
        string certificatePath,
        string? keyPath = null,
        ReadOnlyMemory<char> password = default,
        TimeProvider? clock = null,
        CancellationToken cancellationToken = default)
    {
        var (certificate, chain) = await SignerFile.ReadAsync(certificatePath, keyPath, password, cancellationToken).ConfigureAwait(false);
        try
        {
            return new ImageSigner(certificate, chain, clock) { OwnsCertificates = true };
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>The signer's subject.</summary>
    public override string ToString() => Certificate.Subject;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!OwnsCertificates) return;
        _certificate.Dispose();
        foreach (var certificate in _chain) certificate.Dispose();
    }

    internal byte[] Sign(ImageStatement statement)
    {
        StatementValidation.Validate(statement);
        return SignedStatement.Sign(statement, _certificate, _chain);
    }
}
