using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Sdk.Tests;

/// <summary>What the toolkit that this one follows let through.</summary>
public sealed class OldWeaknessTests : TrustTest
{
    [Fact]
    public async Task The_policy_looks_at_the_signature_and_not_only_at_the_name_in_it()
    {
        await PinAsync(Jane, "jane");
        await Trust.SetPolicyAsync(new ImagePolicy { AllowEndorsers = ["jane"] });
        using var imposter = TestCertificates.SelfSigned(Jane.Subject, new());
        await PutAsync(SignedStatement.Sign(Statement(), imposter, [Jane]));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "CN=Jane,O=Lab,C=CH", "not pinned");

        var real = SignedStatement.Sign(Statement(), Jane, []);
        real[^5] ^= 1;
        await PutAsync(real);
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "the signature does not fit");
    }

    [Fact]
    public async Task A_later_deprecation_stops_an_image_that_every_cache_holds()
    {
        await EndorseAsync(Jane);
        await AssertRefusedAfterAsync(() => DeprecateAsync(Jane, "Compromised"), ImageReasonCode.Deprecated, "Compromised");
    }

    [Fact]
    public async Task Nothing_rests_on_sha1()
    {
        await PinAsync(Jane, "jane");
        var cms = new SignedCms(new ContentInfo(ImageStatementJson.Write(Statement())));
        cms.ComputeSignature(new CmsSigner(Jane) { DigestAlgorithm = new Oid("1.3.14.3.2.26"), IncludeOption = X509IncludeOption.EndCertOnly });
        await PutAsync(cms.Encode());
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "too weak");
        await Assert.ThrowsAsync<StratusLab.Core.InvalidInputException>(() => Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = [Jane.Thumbprint] }));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    public async Task Every_bad_image_of_a_row_is_refused_whatever_its_place(params int[] order)
    {
        var images = new List<StratusImage>();
        foreach (var i in order) images.Add(await PublishAsync($"bad{i}"));
        await Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, DenyDigests = [.. images.Select(i => i.Digest)] });
        foreach (var image in images)
            Assert.Equal(ImageReasonCode.DigestDenied, (await Trust.EvaluateAsync(image)).Reasons.First(r => r.Effect == ImageReasonEffect.Refuses).Code);

        await Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, DenyLabels = ["no", "stage=test", "neither"] });
        foreach (var image in images) Assert.False((await Trust.EvaluateAsync(image)).IsAllowed);
    }

    [Fact]
    public async Task A_bad_statement_beside_a_bad_one_does_not_make_a_good_one()
    {
        await PinAsync(Jane, "jane");
        using var mallory = TestCertificates.SelfSigned("CN=Mallory");
        await PutAsync(SignedStatement.Sign(Statement(), mallory, []));
        await PutAsync(SignedStatement.Sign(Statement() with { IssuedAt = DateTimeOffset.UtcNow.AddSeconds(1) }, Bob, []));
        await AssertRefusedAsync(ImageReasonCode.NotEndorsed, "CN=Mallory", "CN=Bob");
    }
}
