using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class PolicyTests : TrustTest
{
    private const string Digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await PinAsync(Jane, "jane");
    }

    [Fact]
    public async Task A_policy_is_kept_whole()
    {
        var policy = new ImagePolicy
        {
            AllowDigests = [Image.Digest],
            DenyDigests = [Digest],
            AllowEndorsers = ["jane"],
            DenyEndorsers = ["CN=*,OU=Former,*"],
            AllowLabels = ["stage=prod"],
            DenyLabels = ["old"],
            Quarantine = TimeSpan.FromHours(30),
            AllowDeprecated = true,
            AllowExpired = true,
        };
        var set = await Trust.SetPolicyAsync(policy);
        Assert.NotNull(set.SetAt);
        Assert.Equivalent(set, await Trust.GetPolicyAsync(), strict: true);
        Assert.Equivalent(policy with { SetAt = set.SetAt }, set, strict: true);
    }

    [Fact]
    public async Task Without_a_policy_the_pins_say_whether_an_endorsement_is_needed()
    {
        Assert.True((await Trust.GetPolicyAsync()).RequireEndorsement);
        await Trust.SetPolicyAsync(new ImagePolicy { RequireEndorsement = false });
        Assert.False((await Trust.GetPolicyAsync()).RequireEndorsement);
        var rest = await Trust.ResetPolicyAsync();
        Assert.Equal((true, null), (rest.RequireEndorsement, rest.SetAt));
        await Trust.RemoveEndorserAsync("jane");
        Assert.False((await Trust.GetPolicyAsync()).RequireEndorsement);
    }

    public static TheoryData<string, ImagePolicy, string> Wrong => new()
    {
        { "AllowDigests[0]", new() { AllowDigests = ["md5:00"] }, "no digest" },
        { "DenyDigests[1]", new() { DenyDigests = [Digest, "SHA256:" + Digest[7..]] }, "no digest" },
        { "AllowEndorsers[0]", new() { AllowEndorsers = ["bob"] }, "there is no endorser 'bob'; there are: jane" },
        { "DenyEndorsers[0]", new() { DenyEndorsers = ["no/name"] }, "neither an endorser's name" },
        { "DenyEndorsers[0]", new() { DenyEndorsers = ["0123456789012345678901234567890123456789"] }, "SHA-1" },
        { "DenyEndorsers[0]", new() { DenyEndorsers = ["XX=Jane"] }, "no known type" },
        { "DenyLabels[0]", new() { DenyLabels = ["a b"] }, "label key" },
        { "Quarantine", new() { Quarantine = TimeSpan.FromSeconds(-1) }, "not possible" },
        { "AllowDigests", new() { AllowDigests = [Digest], DenyDigests = [Digest] }, "denied in DenyDigests" },
        { "AllowEndorsers", new() { AllowEndorsers = ["jane"], DenyEndorsers = ["Jane"] }, "denied in DenyEndorsers" },
        { "AllowEndorsers", new() { AllowEndorsers = ["jane"], DenyEndorsers = ["CN=Jane,*"] }, "'CN=Jane,*' in DenyEndorsers denies" },
        { "AllowLabels", new() { AllowLabels = ["stage"], DenyLabels = ["stage=*"] }, "denied in DenyLabels" },
        { "RequireEndorsement", new() { RequireEndorsement = false, AllowEndorsers = ["jane"] }, "AllowEndorsers says whose" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task A_policy_that_cannot_be_meant_is_refused_with_its_field(string field, ImagePolicy policy, string says)
    {
        var before = await Trust.SetPolicyAsync(new ImagePolicy { Quarantine = TimeSpan.FromDays(1) });
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => Trust.SetPolicyAsync(policy));
        Assert.Equal(field, error.Field);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equivalent(before, await Trust.GetPolicyAsync(), strict: true);
    }

    [Fact]
    public async Task The_thumbprint_of_an_allowed_endorser_cannot_be_denied()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(
            () => Trust.SetPolicyAsync(new ImagePolicy { AllowEndorsers = ["jane"], DenyEndorsers = [EndorserCertificate.ThumbprintOf(Jane)] }));
        Assert.Equal("AllowEndorsers", error.Field);
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_launches_nothing()
    {
        await EndorseAsync(Jane);
        await AssertAllowedAsync();
        await Trust.SetPolicyAsync(new ImagePolicy());
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Test.Site.Folder, "catalogue.db")}"))
        {
            await connection.OpenAsync();
            connection.Execute("UPDATE image_policy SET policy = $p", ("$p", """{"requireEndorsement":false,"unheardOf":true}"""));
        }

        var error = await Assert.ThrowsAsync<StratusException>(() => Test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = ["vm"], Size = "tiny" }));
        Assert.Equal("ImagePolicyCorrupt", error.ErrorId);
        await Trust.SetPolicyAsync(new ImagePolicy());
        await AssertAllowedAsync();
    }
}
