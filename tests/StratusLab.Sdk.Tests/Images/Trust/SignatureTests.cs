using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StratusLab.Oci;

namespace StratusLab.Sdk.Tests;

/// <summary>Endorsements that are no good, each with the reason that is given, while a good one would do.</summary>
public sealed class SignatureTests : TrustTest
{
    private const string Sha1 = "1.3.14.3.2.26";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await PinAsync(Jane, "jane");
    }

    [Fact]
    public async Task A_good_one_does()
    {
        await EndorseAsync(Jane);
        var verdict = Assert.Single((await AssertAllowedAsync()).Statements);
        Assert.Equal(("jane", "CN=Jane,O=Lab,C=CH", Image.Digest, null), (verdict.Endorser, verdict.Signer!.Subject, verdict.Statement!.ImageDigest, verdict.Problem));
    }

    [Fact]
    public async Task What_is_no_signed_data_says_nothing()
    {
        await PutAsync("hello"u8.ToArray());
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "no CMS signed data");
    }

    [Fact]
    public async Task A_signature_over_another_digest_says_nothing()
    {
        var other = await PublishAsync("other");
        await PutAsync(SignedStatement.Sign(Statement() with { ImageDigest = other.Digest }, Jane, []));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "speaks of another image", other.Digest);
    }

    [Fact]
    public async Task An_endorsement_of_another_image_cannot_be_moved_to_this_one()
    {
        var other = await PublishAsync("other");
        using var signer = Jane.Signer();
        await Trust.EndorseAsync(other, signer);
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "Nobody has endorsed it");
        Assert.True((await Trust.EvaluateAsync(other)).IsAllowed);
    }

    [Fact]
    public async Task A_statement_that_was_changed_says_nothing()
    {
        var signed = SignedStatement.Sign(Statement() with { ImageDigest = "sha256:" + new string('a', 64) }, Jane, []);
        var at = signed.AsSpan().IndexOf(Encoding.UTF8.GetBytes("sha256:" + new string('a', 64)));
        Encoding.UTF8.GetBytes(Image.Digest).CopyTo(signed, at);
        await PutAsync(signed);
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "the signature does not fit");
    }

    [Fact]
    public async Task No_byte_of_a_statement_can_be_changed_so_that_it_says_something_else()
    {
        var statement = Statement();
        var signed = SignedStatement.Sign(statement, Jane, []);
        var thumbprint = EndorserCertificate.ThumbprintOf(Jane);
        var good = 0;
        for (var i = 0; i < signed.Length; i++)
        {
            var changed = (byte[])signed.Clone();
            changed[i] ^= 0x10;
            try
            {
                // What is left outside the signature is the wrapping, and the certificate, which is then another.
                using var read = SignedStatement.Read(changed);
                Assert.True(read.Statement == statement || EndorserCertificate.ThumbprintOf(read.Signer) != thumbprint, $"byte {i}");
                good++;
            }
            catch (CryptographicException)
            {
                // Refused, as nearly all are.
            }
        }

        Assert.True(good < signed.Length / 2, $"{good} of {signed.Length}");
    }

    [Fact]
    public async Task An_endorsement_is_no_deprecation_and_the_other_way_round()
    {
        var deprecation = Statement() with { Kind = ImageStatementKind.Deprecation, Reason = "x" };
        await PutAsync(SignedStatement.Sign(deprecation, Jane, []), Statement());
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "no statement of this kind");
    }

    [Fact]
    public async Task A_signature_over_sha1_says_nothing()
    {
        var cms = new SignedCms(new ContentInfo(ImageStatementJson.Write(Statement())));
        cms.ComputeSignature(new CmsSigner(Jane) { DigestAlgorithm = new Oid(Sha1), IncludeOption = X509IncludeOption.EndCertOnly });
        await PutAsync(cms.Encode());
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "digest that is too weak");
    }

    [Fact]
    public async Task Two_signatures_in_one_say_nothing()
    {
        var cms = new SignedCms(new ContentInfo(ImageStatementJson.Write(Statement())));
        cms.ComputeSignature(new CmsSigner(Jane) { IncludeOption = X509IncludeOption.EndCertOnly });
        cms.ComputeSignature(new CmsSigner(Bob) { IncludeOption = X509IncludeOption.EndCertOnly });
        await PutAsync(cms.Encode());
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "2 signatures");
    }

    [Fact]
    public async Task A_signature_without_its_content_or_certificate_says_nothing()
    {
        var content = new ContentInfo(ImageStatementJson.Write(Statement()));
        var detached = new SignedCms(content, detached: true);
        detached.ComputeSignature(new CmsSigner(Jane) { IncludeOption = X509IncludeOption.EndCertOnly });
        await PutAsync(detached.Encode());
        var bare = new SignedCms(content);
        bare.ComputeSignature(new CmsSigner(Jane) { IncludeOption = X509IncludeOption.None });
        await PutAsync(bare.Encode());
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "without what was signed", "certificate is not in it");
    }

    [Theory]
    [InlineData("""{"type":"application/vnd.stratuslab.image.endorsement.v1","image":"DIGEST","name":"tiny","version":"latest","issuedAt":"2026-01-01T00:00:00Z","onlyFor":"tests"}""")]
    [InlineData("""{"type":"application/vnd.stratuslab.image.endorsement.v2","image":"DIGEST","name":"tiny","version":"latest","issuedAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"type":"application/vnd.stratuslab.image.endorsement.v1","image":"sha256:00","image":"DIGEST","name":"tiny","version":"latest","issuedAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"type":"application/vnd.stratuslab.image.endorsement.v1","image":"DIGEST","issuedAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("DIGEST")]
    public async Task A_signed_text_that_is_no_statement_of_a_known_form_says_nothing(string text)
    {
        var cms = new SignedCms(new ContentInfo(Encoding.UTF8.GetBytes(text.Replace("DIGEST", Image.Digest, StringComparison.Ordinal))));
        cms.ComputeSignature(new CmsSigner(Jane) { IncludeOption = X509IncludeOption.EndCertOnly });
        await PutAsync(cms.Encode());
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "no statement that this version understands");
    }

    [Fact]
    public async Task A_manifest_that_points_elsewhere_than_the_index_says_counts_for_nobody()
    {
        var other = await PublishAsync("other");
        using var signer = Jane.Signer();
        await Trust.EndorseAsync(other, signer);
        var layout = await OciLayout.OpenAsync(Store);
        var statement = Assert.Single(await layout.ListReferrersAsync(OciDigest.Parse(other.Digest)));
        var index = await File.ReadAllTextAsync(Path.Combine(Store, "index.json"));
        await File.WriteAllTextAsync(
            Path.Combine(Store, "index.json"),
            index.Replace($"\"{OciAnnotations.Subject}\":\"{other.Digest}\"", $"\"{OciAnnotations.Subject}\":\"{Image.Digest}\"", StringComparison.Ordinal));

        Assert.Equal(statement.Digest, Assert.Single(await layout.ListReferrersAsync(OciDigest.Parse(Image.Digest))).Digest);
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "about another image");
    }
}
