using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Sdk.Tests;

/// <summary>Whose certificate makes an endorsement count, and whose does not.</summary>
public sealed class CertificateTests : TrustTest
{
    private const string Pattern = "CN=*,OU=Physics,O=Lab,C=CH";
    private const string Fitting = "CN=Ann,OU=Physics,O=Lab,C=CH";
    private readonly X509Certificate2 _authority = TestCertificates.Authority();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await PinAsync(_authority, "lab", Pattern);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TestCertificates.CodeSigning)]
    [InlineData("1.3.6.1.5.5.7.3.4")]
    [InlineData("1.3.6.1.5.5.7.3.36")]
    [InlineData("2.5.29.37.0")]
    [InlineData("1.3.6.1.5.5.7.3.2")]
    public async Task Whoever_the_authority_certified_for_signing_counts(string? use)
    {
        using var ann = _authority.Issue(Fitting, new() { Uses = use is null ? [] : [use], KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation });
        await EndorseAsync(ann);
        var verdict = Assert.Single((await AssertAllowedAsync()).Statements);
        Assert.Equal(("lab", Fitting), (verdict.Endorser, verdict.Signer!.Subject));
    }

    [Fact]
    public async Task An_rsa_certificate_counts_as_well()
    {
        using var ann = _authority.Issue(Fitting, new() { RsaBits = 2048 });
        await EndorseAsync(ann);
        await AssertAllowedAsync();
    }

    [Fact]
    public async Task A_certificate_in_between_is_followed_if_it_was_sent_along()
    {
        using var middle = _authority.Issue("CN=Physics CA,O=Lab,C=CH", new() { IsAuthority = true });
        using var ann = middle.Issue(Fitting);
        await PutAsync(SignedStatement.Sign(Statement(), ann, []));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "neither pinned nor issued by a pinned authority");
        await EndorseAsync(ann, middle);
        await AssertAllowedAsync();
        await Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = [EndorserCertificate.ThumbprintOf(middle)] });
        await AssertRefusedAsync(ImageReasonCode.EndorserDenied, Fitting);
    }

    [Fact]
    public async Task An_authority_in_between_can_be_the_pinned_one()
    {
        using var root = TestCertificates.Authority("CN=Far Root,O=Elsewhere");
        using var middle = root.Issue("CN=Near CA,O=Lab,C=CH", new() { IsAuthority = true });
        await PinAsync(middle, "near", "CN=*,O=Near");
        using var eve = middle.Issue("CN=Eve,O=Near");
        using var imposter = TestCertificates.SelfSigned("CN=Near CA,O=Lab,C=CH", new() { IsAuthority = true });
        using var forged = imposter.Issue("CN=Eve,O=Near");

        await PutAsync(SignedStatement.Sign(Statement(), forged, [imposter, middle]));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "CN=Eve,O=Near");
        await PutAsync(SignedStatement.Sign(Statement(), eve, []));
        await AssertAllowedAsync();
    }

    [Theory]
    [InlineData("CN=Ann,OU=Chemistry,O=Lab,C=CH")]
    [InlineData("CN=Ann,O=Lab,C=CH")]
    [InlineData("CN=Ann,OU=Physics,O=Lab,C=CH,DC=more")]
    [InlineData("CN=\"Ann,OU=Physics\",O=Lab,C=CH")]
    [InlineData("CN=\"x,OU=Physics,O=Lab,C=CH\",OU=Chemistry,O=Lab,C=CH")]
    public async Task A_subject_that_does_not_match_the_pattern_does_not_count(string subject)
    {
        using var ann = _authority.Issue(subject);
        await PutAsync(SignedStatement.Sign(Statement(), ann, []));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "does not match what endorser 'lab' stands for", Pattern);
    }

    [Fact]
    public async Task A_certificate_that_signed_itself_does_not_count_whatever_its_subject()
    {
        using var mallory = TestCertificates.SelfSigned(Fitting);
        await PutAsync(SignedStatement.Sign(Statement(), mallory, []));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, Fitting, "signed by itself and not pinned");
    }

    [Fact]
    public async Task An_authority_of_the_same_name_is_another()
    {
        using var imposter = TestCertificates.Authority();
        using var ann = imposter.Issue(Fitting);
        await PutAsync(SignedStatement.Sign(Statement(), ann, [imposter]));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, Fitting);
    }

    [Fact]
    public async Task Whoever_is_no_authority_certifies_nobody()
    {
        using var ann = _authority.Issue(Fitting);
        using var friend = ann.Issue("CN=Friend,OU=Physics,O=Lab,C=CH");
        await PutAsync(SignedStatement.Sign(Statement(), friend, [ann]));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "no certification authority");
    }

    [Theory]
    [InlineData("expired", "certificate expired on")]
    [InlineData("not yet", "not valid before")]
    [InlineData("authority", "certification authority")]
    [InlineData("key usage", "digitalSignature")]
    [InlineData("another purpose", "for another purpose")]
    [InlineData("1024 bits", "2048 or more")]
    public async Task A_certificate_with_a_flaw_does_not_count(string flaw, string says)
    {
        using var ann = _authority.Issue(Fitting, SignerFileTests.Flawed(flaw));
        await PutAsync(SignedStatement.Sign(Statement(), ann, []));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, Fitting, says);
    }

    [Fact]
    public async Task A_certificate_signed_with_sha1_does_not_count()
    {
        using var ann = _authority.Issue(Fitting, new() { OverSha1 = true });
        await PutAsync(SignedStatement.Sign(Statement(), ann, []));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "SHA-1");
    }

    [Fact]
    public async Task The_end_of_the_authority_is_the_end_of_whom_it_certified()
    {
        using var ann = _authority.Issue(Fitting, new() { NotAfter = DateTimeOffset.UtcNow.AddDays(90) });
        await EndorseAsync(ann);
        await AssertAllowedAsync();
        Clock.Ahead = TimeSpan.FromDays(40);
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "expired on", "issuer CN=Lab CA,O=Lab,C=CH");
    }

    [Fact]
    public async Task One_of_those_whom_an_authority_certified_can_be_denied()
    {
        using var ann = _authority.Issue(Fitting);
        using var ben = _authority.Issue("CN=Ben,OU=Physics,O=Lab,C=CH");
        await EndorseAsync(ann);
        await AssertRefusedAfterAsync(() => Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = [EndorserCertificate.ThumbprintOf(ann)] }), ImageReasonCode.EndorserDenied, Fitting);
        await EndorseAsync(ben);
        await AssertAllowedAsync();
    }
}
