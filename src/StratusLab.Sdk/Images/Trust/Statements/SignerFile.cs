using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Reads a certificate and its private key from PKCS#12 (RFC 7292) or PEM (RFC 7468) files.</summary>
internal static class SignerFile
{
    private const int MaxLength = 1 << 20;
    private const string EncryptedKey = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    public static async Task<(X509Certificate2 Certificate, X509Certificate2Collection Chain)> ReadAsync(
        string certificatePath, string? keyPath, ReadOnlyMemory<char> password, CancellationToken cancellationToken)
    {
        var content = await CertificateFile.ReadAsync(certificatePath, "Certificate", MaxLength, cancellationToken).ConfigureAwait(false);
        var key = keyPath is null ? content : await CertificateFile.ReadAsync(keyPath, "KeyFilePath", MaxLength, cancellationToken).ConfigureAwait(false);
        try
        {
            if (CertificateFile.IsPem(content)) return ReadPem(certificatePath, keyPath ?? certificatePath, Encoding.UTF8.GetString(content), key, password.Span);
            if (keyPath is not null) throw Unusable(certificatePath, "it is no PEM file; a key file only goes with one that is");
            return ReadPkcs12(certificatePath, content, password.Span);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) ReadPkcs12(string path, byte[] content, ReadOnlySpan<char> password)
    {
        X509Certificate2Collection all;
        try
        {
            var keys = OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;
            all = X509CertificateLoader.LoadPkcs12Collection(content, password, keys);
        }
        catch (CryptographicException e)
        {
            // The inner error may quote what it could not read.
            if (!IsPkcs12(content)) throw Unusable(path, "it is neither PEM nor PKCS#12");
            throw password.IsEmpty ? PasswordNeeded(path, e) : PasswordWrong(path, e);
        }

        var own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw Unusable(path, "it has no certificate with a private key");
        return (own, [.. all.Where(c => c != own)]);
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) ReadPem(
        string path, string keyPath, string certificates, byte[] keyContent, ReadOnlySpan<char> password)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(certificates);
        }
        catch (CryptographicException e)
        {
            throw Unusable(path, "a certificate in it is damaged", e);
        }

        if (all.Count == 0) throw Unusable(path, "it holds no certificate (-----BEGIN CERTIFICATE-----)");
        var key = new char[Encoding.UTF8.GetMaxCharCount(keyContent.Length)];
        try
        {
            var text = key.AsSpan(0, Encoding.UTF8.GetChars(keyContent, key));
            var own = WithKey(all[0].ExportCertificatePem(), keyPath, text, password);
            return (own, [.. all.Skip(1)]);
        }
        finally
        {
            Array.Clear(key);
        }
    }

    private static X509Certificate2 WithKey(string certificate, string keyPath, ReadOnlySpan<char> key, ReadOnlySpan<char> password)
    {
        if (key.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw Unusable(keyPath, $"its private key is encrypted in the way of old OpenSSL versions. Convert it: openssl pkcs8 -topk8 -in '{keyPath}' -out NEW.pem");
        if (!key.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) throw Unusable(keyPath, "it holds no private key; name the file that does as the key file");
        var isEncrypted = key.Contains(EncryptedKey, StringComparison.Ordinal);
        if (isEncrypted && password.IsEmpty) throw PasswordNeeded(keyPath);
        try
        {
            return isEncrypted ? X509Certificate2.CreateFromEncryptedPem(certificate, key, password) : X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw isEncrypted ? PasswordWrong(keyPath, e) : Unusable(keyPath, "its private key cannot be read, or is not the key of the certificate", e);
        }
    }

    // A SEQUENCE whose first element is the INTEGER 3 (RFC 7292, section 4).
    private static bool IsPkcs12(ReadOnlySpan<byte> content)
    {
        try
        {
            var reader = new System.Formats.Asn1.AsnReader(content.ToArray(), System.Formats.Asn1.AsnEncodingRules.BER);
            return reader.ReadSequence().TryReadInt32(out var version) && version == 3;
        }
        catch (System.Formats.Asn1.AsnContentException)
        {
            return false;
        }
    }

    private static InvalidInputException Unusable(string path, string why, Exception? cause = null) =>
        new("SignerFileUnusable", $"'{path}' cannot be used to sign: {why}.", "Certificate", cause) { Resource = path };

    private static InvalidInputException PasswordNeeded(string path, Exception? cause = null) =>
        new("SignerPasswordNeeded", $"'{path}' is protected by a password, and none was given.", "CertificatePassword", cause) { Resource = path };

    private static InvalidInputException PasswordWrong(string path, Exception? cause = null) =>
        new("SignerPasswordWrong", $"The password for '{path}' is wrong, or the file is damaged or its key not that of the certificate.", "CertificatePassword", cause) { Resource = path };
}
