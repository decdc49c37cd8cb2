using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Files that hold certificates.</summary>
internal static class CertificateFile
{
    private const int MaxLength = 1 << 20;

    /// <summary>The one certificate of a PEM or DER file.</summary>
    public static async Task<X509Certificate2> ReadCertificateAsync(string path, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(path, "Certificate", MaxLength, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsPem(content)) return X509CertificateLoader.LoadCertificate(content);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(System.Text.Encoding.UTF8.GetString(content));
            return all switch
            {
                [var only] => only,
                [] => throw Unusable(path, "it holds no certificate (-----BEGIN CERTIFICATE-----)"),
                _ => throw Unusable(path, $"it holds {all.Count} certificates; give a file with the one that is meant"),
            };
        }
        catch (CryptographicException e)
        {
            throw Unusable(path, "it is no certificate in PEM or DER", e);
        }
    }

    public static bool IsPem(ReadOnlySpan<byte> content) => content.IndexOf("-----BEGIN "u8) >= 0;

    public static async Task<byte[]> ReadAsync(string path, string field, int maxLength, CancellationToken cancellationToken)
    {
        try
        {
            // Asked before opening, because opening a pipe would wait for its writer.
            var file = new FileInfo(path);
            if (!file.Exists) throw new InvalidInputException("CertificateFileNotFound", $"There is no file '{path}'.", field) { Resource = path };
            if (file.Length > maxLength) throw Unusable(path, $"it is {new ByteSize(file.Length)} long, which no certificate or key is");
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.Message, e);
        }
    }

    private static InvalidInputException Unusable(string path, string why, Exception? cause = null) =>
        new("CertificateUnusable", $"'{path}' cannot be used: {why}.", "Certificate", cause) { Resource = path };
}
