namespace StratusLab.Sdk.Tests;

public sealed class DeprecationTests : TrustTest
{
    [Fact]
    public async Task A_deprecated_image_is_refused_with_reason_and_replacement()
    {
        await PinAsync(Jane, "jane");
        await EndorseAsync(Jane);
        await AssertRefusedAfterAsync(() => DeprecateAsync(Jane, "CVE-2026-1234 in its kernel", "tiny:2"), ImageReasonCode.Deprecated, "CN=Jane", "CVE-2026-1234 in its kernel.", "Use tiny:2 instead.");
    }

    [Fact]
    public async Task The_policy_may_allow_deprecated_images()
    {
        await PinAsync(Jane, "jane");
        await EndorseAsync(Jane);
        await DeprecateAsync(Jane);
        await Trust.SetPolicyAsync(new ImagePolicy { AllowDeprecated = true });
        Assert.Contains((await AssertAllowedAsync()).Reasons, r => r is { Code: ImageReasonCode.Deprecated, Effect: ImageReasonEffect.Warns });
    }

    [Fact]
    public async Task Any_pinned_endorser_may_deprecate_what_another_endorsed()
    {
        await PinAsync(Jane, "jane");
        await PinAsync(Bob, "bob");
        await EndorseAsync(Jane);
        await AssertRefusedAfterAsync(() => DeprecateAsync(Bob), ImageReasonCode.Deprecated, "bob");
    }

    [Fact]
    public async Task A_stranger_deprecates_nothing()
    {
        await PinAsync(Jane, "jane");
        await EndorseAsync(Jane);
        await DeprecateAsync(Bob);
        var decision = await AssertAllowedAsync();
        Assert.Contains("not pinned", Assert.Single(decision.Statements, s => s.Kind == ImageStatementKind.Deprecation).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denied_endorser_deprecates_nothing()
    {
        await PinAsync(Jane, "jane");
        await PinAsync(Bob, "bob");
        await EndorseAsync(Jane);
        await DeprecateAsync(Bob);
        await Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = ["bob"] });
        await AssertAllowedAsync();
    }

    [Fact]
    public async Task Without_a_policy_whoever_endorsed_an_image_may_deprecate_it_and_nobody_else()
    {
        await EndorseAsync(Jane);
        await DeprecateAsync(Bob);
        await AssertRefusedAfterAsync(() => DeprecateAsync(Jane, "Superseded"), ImageReasonCode.Deprecated, "CN=Jane,O=Lab,C=CH", "Superseded.");
    }

    [Fact]
    public Task Without_a_policy_anybody_may_deprecate_what_nobody_endorsed() => AssertRefusedAfterAsync(() => DeprecateAsync(Bob), ImageReasonCode.Deprecated, "CN=Bob");

    [Fact]
    public async Task The_end_of_the_signers_certificate_does_not_bring_the_image_back()
    {
        await PinAsync(Jane, "jane");
        using var longer = TestCertificates.SelfSigned("CN=Ann,O=Lab", new() { NotAfter = DateTimeOffset.UtcNow.AddDays(300) });
        await PinAsync(longer, "ann");
        await EndorseAsync(longer);
        await DeprecateAsync(Jane);
        Clock.Ahead = TimeSpan.FromDays(100);
        await AssertRefusedAsync(ImageReasonCode.Deprecated, "jane");
    }

    [Theory]
    [InlineData("", "Reason")]
    [InlineData("two\nlines", "Reason")]
    [InlineData("\u001b[31mred", "Reason")]
    public async Task A_reason_is_one_line_of_text(string reason, string field)
    {
        var error = await Assert.ThrowsAsync<StratusLab.Core.InvalidInputException>(() => DeprecateAsync(Jane, reason));
        Assert.Equal(("InvalidStatement", field), (error.ErrorId, error.Field));
        await AssertAllowedAsync();
    }
}
