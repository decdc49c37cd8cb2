using StratusLab.Oci;

namespace StratusLab.Sdk.Tests;

/// <summary>Each reason for which an image is refused, from the warm cache: what was launched a moment ago is not launched again.</summary>
public sealed class LaunchRefusalTests : TrustTest
{
    [Fact]
    public async Task An_intact_image_needs_nobody_while_there_is_no_policy()
    {
        var decision = await AssertAllowedAsync();
        Assert.Equal((ImageReasonCode.NotEndorsed, ImageReasonEffect.Warns), (Assert.Single(decision.Reasons).Code, decision.Reasons[0].Effect));
    }

    [Fact]
    public Task Pinning_an_endorser_makes_the_endorsement_needed() =>
        AssertRefusedAfterAsync(() => PinAsync(Jane, "jane"), ImageReasonCode.NotEndorsed, "Nobody has endorsed it");

    [Fact]
    public Task Setting_a_policy_makes_the_endorsement_needed() =>
        AssertRefusedAfterAsync(() => Trust.SetPolicyAsync(new ImagePolicy()), ImageReasonCode.NotEndorsed, "pinned none");

    [Fact]
    public async Task Removing_the_endorser_stops_what_they_endorsed()
    {
        await PinAsync(Jane, "jane");
        await PinAsync(Bob, "bob");
        await EndorseAsync(Jane);
        await AssertRefusedAfterAsync(() => Trust.RemoveEndorserAsync("JANE"), ImageReasonCode.NotEndorsed, "CN=Jane,O=Lab,C=CH", "not pinned");
    }

    [Theory]
    [InlineData("name")]
    [InlineData("thumbprint")]
    [InlineData("THUMBPRINT:WITH:COLONS")]
    [InlineData("pattern")]
    public async Task Denying_the_endorser_works_at_once(string how)
    {
        await PinAsync(Jane, "jane");
        await EndorseAsync(Jane);
        var thumbprint = EndorserCertificate.ThumbprintOf(Jane);
        var rule = how switch
        {
            "name" => "Jane",
            "thumbprint" => thumbprint,
            "pattern" => "CN=J*,O=Lab,C=CH",
            _ => string.Join(':', thumbprint.ToUpperInvariant().Chunk(2).Select(c => new string(c))),
        };
        await AssertRefusedAfterAsync(() => Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = [rule] }), ImageReasonCode.EndorserDenied, "CN=Jane,O=Lab,C=CH", "policy denies");
    }

    [Fact]
    public async Task A_denied_endorser_is_denied_also_where_no_endorsement_is_needed()
    {
        await EndorseAsync(Jane);
        await AssertRefusedAfterAsync(
            () => Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, DenyEndorsers = ["CN=Jane,*"] }), ImageReasonCode.EndorserDenied, "CN=Jane");
    }

    [Fact]
    public async Task An_allow_list_leaves_out_the_other_endorsers()
    {
        await PinAsync(Jane, "jane");
        await PinAsync(Bob, "bob");
        await EndorseAsync(Jane);
        await AssertRefusedAfterAsync(() => Trust.SetPolicyAsync(new ImagePolicy { AllowEndorsers = ["bob"] }), ImageReasonCode.NotEndorsed, "not among those");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_denied_digest_is_refused(bool disk) => AssertRefusedAfterAsync(
        () => Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, DenyDigests = [disk ? Image.DiskDigest : Image.Digest] }),
        ImageReasonCode.DigestDenied,
        disk ? Image.DiskDigest : Image.Digest);

    [Fact]
    public Task A_digest_off_the_allow_list_is_refused() => AssertRefusedAfterAsync(
        () => Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, AllowDigests = ["sha256:" + new string('0', 64)] }), ImageReasonCode.DigestNotAllowed, Image.Digest);

    [Theory]
    [InlineData("stage")]
    [InlineData("stage=test")]
    [InlineData("stage=t*")]
    public Task A_denied_label_is_refused(string label) => AssertRefusedAfterAsync(
        () => Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, DenyLabels = ["other", label] }), ImageReasonCode.LabelDenied, label);

    [Theory]
    [InlineData("tested")]
    [InlineData("stage=prod*")]
    public Task An_image_without_an_allowed_label_is_refused(string label) => AssertRefusedAfterAsync(
        () => Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, AllowLabels = [label] }), ImageReasonCode.LabelNotAllowed, label);

    [Fact]
    public async Task Quarantine_ends_with_its_time()
    {
        await AssertRefusedAfterAsync(
            () => Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, Quarantine = TimeSpan.FromDays(3) }), ImageReasonCode.Quarantined, "in quarantine until");
        Clock.Ahead = TimeSpan.FromDays(3.1);
        await AssertAllowedAsync();
    }

    [Fact]
    public async Task An_expired_image_is_refused_unless_the_policy_says_otherwise()
    {
        Use(await PublishAsync("short", p => p with { ValidUntil = DateTimeOffset.UtcNow.AddDays(2) }));
        await AssertRefusedAfterAsync(SkipAsync(TimeSpan.FromDays(3)), ImageReasonCode.Expired, "meant to be used until");

        await Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, AllowExpired = true });
        Assert.Contains((await AssertAllowedAsync()).Reasons, r => r is { Code: ImageReasonCode.Expired, Effect: ImageReasonEffect.Warns });
    }

    [Fact]
    public async Task An_endorsement_ends_with_its_validity()
    {
        await PinAsync(Jane, "jane");
        using (var signer = Jane.Signer()) await Trust.EndorseAsync(Image, signer, validUntil: DateTimeOffset.UtcNow.AddDays(2));
        await AssertRefusedAfterAsync(SkipAsync(TimeSpan.FromDays(3)), ImageReasonCode.NotEndorsed, "CN=Jane,O=Lab,C=CH: it held until");
    }

    [Fact]
    public async Task An_endorsement_ends_with_the_certificate()
    {
        await PinAsync(Jane, "jane");
        await EndorseAsync(Jane);
        await AssertRefusedAfterAsync(SkipAsync(TimeSpan.FromDays(40)), ImageReasonCode.NotEndorsed, "certificate expired on");
    }

    [Fact]
    public async Task Several_endorsers_vouch_for_one_image_and_one_that_counts_is_enough()
    {
        await PinAsync(Jane, "jane");
        await PinAsync(Bob, "bob");
        await EndorseAsync(Jane);
        await EndorseAsync(Bob);
        Assert.Equal(2, (await AssertAllowedAsync()).Reasons.Count(r => r.Code == ImageReasonCode.Endorsed));

        await Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = ["jane"] });
        Assert.Contains("bob", Assert.Single((await AssertAllowedAsync()).Reasons).Message, StringComparison.Ordinal);
        await AssertRefusedAfterAsync(() => Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = ["jane", "bob"] }), ImageReasonCode.EndorserDenied, "CN=Jane", "CN=Bob");
    }

    [Fact]
    public async Task All_that_stands_in_the_way_is_told_at_once()
    {
        await Trust.SetPolicyAsync(new ImagePolicy { DenyDigests = [Image.Digest], DenyLabels = ["stage"], Quarantine = TimeSpan.FromDays(1) });
        var error = await Assert.ThrowsAsync<ImageRefusedException>(() => Trust.RequireAsync(Image));
        Assert.Equal(
            [ImageReasonCode.Quarantined, ImageReasonCode.DigestDenied, ImageReasonCode.LabelDenied, ImageReasonCode.NotEndorsed],
            error.Decision.Reasons.Select(r => r.Code));
        Assert.All(error.Decision.Reasons, r => Assert.Contains(r.Message, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_image_does_not_stop_the_others_of_a_call()
    {
        var other = await PublishAsync("other");
        var plans = new List<PlannedVm>();
        foreach (var image in new[] { Image, other })
            plans.AddRange((await Test.Site.Vms.PlanAsync(new VmSpecification { Image = image.Reference, Names = [image.Name], Size = "tiny" })).Vms);
        await Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false, DenyDigests = [Image.Digest] });

        var outcomes = await Test.Site.Vms.CreateAsync(plans).ToListAsync();

        Assert.Equal("ImageRefused", outcomes.Single(o => o.RequestId == plans[0].Request.RequestId).Error?.ErrorId);
        Assert.Null(outcomes.Single(o => o.RequestId == plans[1].Request.RequestId).Error);
        Assert.Equal(["other"], (await Test.ListAsync()).Select(v => v.Name));
    }

    [Fact]
    public async Task A_request_that_lends_the_digest_of_a_good_image_to_another_disk_is_refused()
    {
        var other = await PublishAsync("other");
        var plan = await Test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = ["vm"], Size = "tiny" });
        var forged = plan.Vms[0] with { Request = plan.Vms[0].Request with { Image = Image.ToDescriptor() with { DiskDigest = other.DiskDigest } } };

        var outcome = Assert.Single(await Test.Site.Vms.CreateAsync([forged]).ToListAsync());

        Assert.Contains(other.DiskDigest, Assert.IsType<ImageRefusedException>(outcome.Error).Message, StringComparison.Ordinal);
        Assert.Empty(await Test.ListAsync());
    }

    [Fact]
    public async Task Statements_go_with_their_image()
    {
        await EndorseAsync(Jane);
        await EndorseAsync(Bob);
        await Test.Site.Images.RemoveAsync("tiny");

        var layout = await OciLayout.OpenAsync(Store);
        Assert.Empty((await layout.ReadIndexAsync()).Manifests);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Store, "blobs"), "*", SearchOption.AllDirectories));
    }

    private Func<Task> SkipAsync(TimeSpan time) => () =>
    {
        Clock.Ahead = time;
        return Task.CompletedTask;
    };
}
