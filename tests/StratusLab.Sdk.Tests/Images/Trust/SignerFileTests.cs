using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class SignerFileTests : IDisposable
{
    private const string Password = "correct horse";
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000);
    private readonly string _folder = Directory.CreateTempSubdirectory("stratus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, null)]
    [InlineData(2048, null)]
    [InlineData(0, Password)]
    [InlineData(2048, Password)]
    public async Task Pkcs12_files_sign_with_rsa_and_ecdsa(int rsaBits, string? password)
    {
        using var certificate = TestCertificates.SelfSigned("CN=Jane,O=Lab", new() { RsaBits = rsaBits });
        var path = Write("jane.p12", certificate.Export(X509ContentType.Pkcs12, password));

        await SignsAsync(path, null, password, certificate);
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(2048, false, true)]
    [InlineData(0, true, true)]
    [InlineData(2048, true, false)]
    public async Task Pem_files_sign_with_the_key_beside_them_or_within(int rsaBits, bool encrypted, bool together)
    {
        using var certificate = TestCertificates.SelfSigned("CN=Jane,O=Lab", new() { RsaBits = rsaBits });
        var key = KeyPem(certificate, encrypted ? Password : null);
        var path = Write("jane.pem", certificate.ExportCertificatePem() + (together ? "\n" + key : string.Empty));
        var keyPath = together ? null : Write("jane.key", key);

        await SignsAsync(path, keyPath, encrypted ? Password : null, certificate);
    }

    [Fact]
    public async Task The_chain_of_a_file_goes_into_the_statement()
    {
        using var root = TestCertificates.Authority();
        using var middle = root.Issue("CN=Middle CA,O=Lab", new() { IsAuthority = true });
        using var leaf = middle.Issue("CN=Jane,O=Lab");
        var path = Write("jane.pem", $"{leaf.ExportCertificatePem()}\n{middle.ExportCertificatePem()}\n{KeyPem(leaf, null)}");

        using var signer = await ImageSigner.LoadAsync(path);
        using var signed = SignedStatement.Read(signer.Sign(Statement()));

        Assert.Equal(2, signed.Certificates.Count);
        Assert.Contains(signed.Certificates, c => c.Equals(middle));
    }

    [Fact]
    public async Task A_missing_or_wrong_password_is_said_and_never_shown()
    {
        using var certificate = TestCertificates.SelfSigned("CN=Jane,O=Lab");
        var store = Write("jane.p12", certificate.Export(X509ContentType.Pkcs12, Password));
        var pem = Write("jane.pem", certificate.ExportCertificatePem());
        var key = Write("jane.key", KeyPem(certificate, Password));

        await RefusedAsync("SignerPasswordNeeded", store, null, null);
        await RefusedAsync("SignerPasswordNeeded", pem, key, null);
        await RefusedAsync("SignerPasswordWrong", store, null, "hunter2");
        await RefusedAsync("SignerPasswordWrong", pem, key, "hunter2");
    }

    [Fact]
    public async Task Files_that_cannot_sign_are_named_with_what_is_wrong()
    {
        using var jane = TestCertificates.SelfSigned("CN=Jane,O=Lab");
        using var other = TestCertificates.SelfSigned("CN=Other,O=Lab");
        var pem = Write("jane.pem", jane.ExportCertificatePem());
        var bare = Write("bare.p12", X509CertificateLoader.LoadCertificate(jane.RawData).Export(X509ContentType.Pkcs12));

        Assert.Contains("no private key", await RefusedAsync("SignerFileUnusable", pem, null, null), StringComparison.Ordinal);
        Assert.Contains("not the key of the certificate", await RefusedAsync("SignerFileUnusable", pem, Write("other.key", KeyPem(other, null)), null), StringComparison.Ordinal);
        Assert.Contains("no certificate with a private key", await RefusedAsync("SignerFileUnusable", bare, null, null), StringComparison.Ordinal);
        Assert.Contains("neither PEM nor PKCS#12", await RefusedAsync("SignerFileUnusable", Write("text", "hello"u8.ToArray()), null, null), StringComparison.Ordinal);
        Assert.Contains("holds no certificate", await RefusedAsync("SignerFileUnusable", Write("key.pem", KeyPem(jane, null)), null, null), StringComparison.Ordinal);
        Assert.Contains("openssl pkcs8", await RefusedAsync("SignerFileUnusable", pem, Write("old.key", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"), null), StringComparison.Ordinal);
        await RefusedAsync("CertificateFileNotFound", Path.Combine(_folder, "none.p12"), null, null);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("not yet")]
    [InlineData("authority")]
    [InlineData("key usage")]
    [InlineData("another purpose")]
    [InlineData("1024 bits")]
    public async Task Certificates_that_no_site_would_believe_do_not_sign(string flaw)
    {
        using var certificate = TestCertificates.SelfSigned("CN=Jane,O=Lab", Flawed(flaw));
        var path = Write("jane.p12", certificate.Export(X509ContentType.Pkcs12));

        var message = await RefusedAsync("InvalidSigner", path, null, null);

        Assert.Contains(flaw == "not yet" ? "not valid before" : flaw, message, StringComparison.Ordinal);
        Assert.Contains("CN=Jane,O=Lab", message, StringComparison.Ordinal);
    }

    internal static TestCertificates.Shape Flawed(string flaw) => flaw switch
    {
        "expired" => new() { NotBefore = DateTimeOffset.UtcNow.AddDays(-9), NotAfter = DateTimeOffset.UtcNow.AddDays(-2) },
        "not yet" => new() { NotBefore = DateTimeOffset.UtcNow.AddDays(2) },
        "authority" => new() { IsAuthority = true },
        "key usage" => new() { KeyUsage = X509KeyUsageFlags.KeyEncipherment },
        "another purpose" => new() { Uses = [TestCertificates.ServerAuth] },
        "1024 bits" => new() { RsaBits = 1024 },
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, null),
    };

    private static ImageStatement Statement() => new()
    {
        Kind = ImageStatementKind.Endorsement,
        ImageDigest = "sha256:" + new string('a', 64),
        Name = "debian",
        Version = "12",
        IssuedAt = DateTimeOffset.UtcNow,
    };

    private static async Task SignsAsync(string path, string? keyPath, string? password, X509Certificate2 certificate)
    {
        using var signer = await ImageSigner.LoadAsync(path, keyPath, password.AsMemory());
        using var signed = SignedStatement.Read(signer.Sign(Statement()));
        Assert.Equal(EndorserCertificate.ThumbprintOf(certificate), EndorserCertificate.ThumbprintOf(signed.Signer));
        Assert.Equal(signer.Certificate.Thumbprint, EndorserCertificate.ThumbprintOf(certificate));
    }

    private static async Task<string> RefusedAsync(string errorId, string path, string? keyPath, string? password)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ImageSigner.LoadAsync(path, keyPath, password.AsMemory()));
        Assert.Equal(errorId, error.ErrorId);
        if (password is not null) Assert.DoesNotContain(password, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        return error.Message;
    }

    private static string KeyPem(X509Certificate2 certificate, string? password)
    {
        using var key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        return password is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(password, Encryption);
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
