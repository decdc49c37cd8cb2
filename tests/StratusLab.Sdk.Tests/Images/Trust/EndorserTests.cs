using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class EndorserTests : TrustTest
{
    [Fact]
    public async Task Endorsers_are_kept_with_their_certificates()
    {
        await PinAsync(Jane, "jane");
        using var authority = TestCertificates.Authority();
        await PinAsync(authority, "lab", "CN=*,O=Lab,C=CH");

        var all = await Trust.ListEndorsersAsync();

        Assert.Equal([("jane", false, null), ("lab", true, "CN=*,O=Lab,C=CH")], all.Select(e => (e.Name, e.IsAuthority, e.SubjectPattern)));
        var jane = await Trust.GetEndorserAsync("JANE");
        Assert.Equal(("CN=Jane,O=Lab,C=CH", EndorserCertificate.ThumbprintOf(Jane)), (jane.Certificate.Subject, jane.Certificate.Thumbprint));
        Assert.DoesNotContain("PRIVATE", jane.Certificate.Pem, StringComparison.Ordinal);
        Assert.Equal("jane", (await Trust.RemoveEndorserAsync("jane")).Name);
        Assert.Equal(["lab"], (await Trust.ListEndorsersAsync()).Select(e => e.Name));
    }

    [Fact]
    public async Task Names_and_certificates_are_pinned_once()
    {
        await PinAsync(Jane, "jane");
        Assert.Equal("EndorserAlreadyExists", (await Assert.ThrowsAsync<StratusException>(() => PinAsync(Bob, "Jane"))).ErrorId);
        Assert.Contains("'jane'", (await Assert.ThrowsAsync<StratusException>(() => PinAsync(Jane, "janet"))).Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<StratusException>(() => Trust.RemoveEndorserAsync("bob"));
        Assert.Equal(("EndorserNotFound", StratusErrorKind.NotFound), (missing.ErrorId, missing.Kind));
        Assert.Contains("jane", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expired", null, "expired on")]
    [InlineData("not yet", null, "not valid before")]
    [InlineData("authority", null, "subject pattern")]
    [InlineData("key usage", null, "digitalSignature")]
    [InlineData("another purpose", null, "another purpose")]
    [InlineData("1024 bits", null, "2048 or more")]
    [InlineData("none", "CN=*,O=Lab", "only goes with one")]
    public async Task A_certificate_that_could_never_count_is_not_pinned(string flaw, string? pattern, string says)
    {
        using var certificate = TestCertificates.SelfSigned("CN=X,O=Lab", flaw == "none" ? new() : SignerFileTests.Flawed(flaw));
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => PinAsync(certificate, "x", pattern));
        Assert.Equal(("InvalidEndorserCertificate", "Certificate"), (error.ErrorId, error.Field));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(await Trust.ListEndorsersAsync());
    }

    [Theory]
    [InlineData("/C=CH/O=Lab/CN=*", "most specific part first")]
    [InlineData("Jane", "TYPE=value")]
    [InlineData("CN=Jane,,O=Lab", "TYPE=value")]
    [InlineData("XY=Jane", "no known type")]
    [InlineData("CN=", "no value")]
    public async Task A_pattern_is_checked_when_it_is_given(string pattern, string says)
    {
        using var authority = TestCertificates.Authority();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => PinAsync(authority, "lab", pattern));
        Assert.Equal(("InvalidSubjectPattern", "SubjectPattern"), (error.ErrorId, error.Field));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CN=Jane,O=Lab,C=CH", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData("cn=jane, o=lab, c=ch", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData("CN=J*,O=?ab,C=CH", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData("*,C=CH", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData("CN=Jane,*", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData("*", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData("*,O=Lab,*", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData("2.5.4.3=Jane,O=Lab,C=CH", "CN=Jane,O=Lab,C=CH", true)]
    [InlineData(@"CN=Doe\, Jane,O=Lab", "CN=\"Doe, Jane\",O=Lab", true)]
    [InlineData(@"CN=\*,O=Lab", "CN=*,O=Lab", true)]
    [InlineData(@"CN=\*,O=Lab", "CN=Jane,O=Lab", false)]
    [InlineData("CN=Jane", "CN=Jane,O=Lab,C=CH", false)]
    [InlineData("O=Lab,C=CH", "CN=Jane,O=Lab,C=CH", false)]
    [InlineData("CN=*,C=CH", "CN=Jane,O=Lab,C=CH", false)]
    [InlineData("OU=Jane,O=Lab,C=CH", "CN=Jane,O=Lab,C=CH", false)]
    [InlineData("*,O=Other,*", "CN=Jane,O=Lab,C=CH", false)]
    [InlineData("DC=org,*", "CN=Jane,DC=lab,DC=org", false)]
    [InlineData("CN=*,DC=lab,DC=org", "CN=Jane,DC=lab,DC=org", true)]
    public void Patterns_match_part_by_part(string pattern, string subject, bool matches)
    {
        var name = DistinguishedName.Of(new X500DistinguishedName(subject, X500DistinguishedNameFlags.Reversed));
        Assert.Equal(matches, SubjectPattern.Parse(pattern, "SubjectPattern").Matches(name));
    }

    [Fact]
    public void A_subject_is_shown_as_rfc_4514_asks_and_as_a_pattern_takes_it()
    {
        var name = DistinguishedName.Of(new X500DistinguishedName("CN=\" #Doe, Jane + \\ <a>;\",O=\"Lab \",C=CH", X500DistinguishedNameFlags.Reversed));
        Assert.Equal(@"CN=\ #Doe\, Jane \+ \\ \<a\>\;,O=Lab\ ,C=CH", name.ToString());
        Assert.True(SubjectPattern.Parse(@"CN=*,O=Lab\ ,C=CH", "x").Matches(name));
    }

    [Fact]
    public async Task An_endorser_of_whom_the_policy_speaks_stays()
    {
        await PinAsync(Jane, "jane");
        await Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = ["Jane"] });
        Assert.Equal("EndorserInUse", (await Assert.ThrowsAsync<StratusException>(() => Trust.RemoveEndorserAsync("jane"))).ErrorId);
        await Trust.ResetPolicyAsync();
        await Trust.RemoveEndorserAsync("jane");
    }
}
