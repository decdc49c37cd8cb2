using System.Net;
using StratusLab.Core;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;

namespace StratusLab.Ec2.Tests.Client;

/// <summary>Credentials of profiles. The emulator gives each role's session keys of its own.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task Keys_of_a_profile_are_used_as_they_are()
    {
        await using var region = await StartAsync("static");
        Assert.NotEmpty(await region.Client.SendAsync(new DescribeRegions()));
        Assert.Equal(["DescribeRegions"], region.Emulator.Calls.Select(call => call.Action));
    }

    [Fact]
    public async Task Role_is_assumed_once_as_the_profile_says()
    {
        await using var region = await StartAsync("role");
        await region.Client.SendAsync(new DescribeRegions());
        await region.Client.SendAsync(new DescribeRegions());
        Assert.Equal(["AssumeRole", "DescribeRegions", "DescribeRegions"], region.Emulator.Calls.Select(call => call.Action));
        var form = region.Emulator.Calls.First().Form;
        Assert.Equal(
            (Profiles.Role("first"), "a-session", "secret-of-ours", "900"), (form["RoleArn"], form["RoleSessionName"], form["ExternalId"], form["DurationSeconds"]));
    }

    [Theory]
    [InlineData("chained", "first", "second")]
    [InlineData("environment", "third")]
    public async Task Role_is_assumed_by_what_the_profile_names(string profile, params string[] roles)
    {
        await using var region = await StartAsync(profile);
        await region.Client.SendAsync(new DescribeRegions());
        Assert.Equal(roles.Select(Profiles.Role), region.Emulator.Calls.Where(call => call.Action == "AssumeRole").Select(call => call.Form["RoleArn"]!));
        Assert.All(region.Emulator.Calls, call => Assert.Equal("OK", call.Outcome));
    }

    [Fact]
    public async Task Session_that_soon_ends_is_renewed()
    {
        await using var region = await StartAsync("role", new EmulatorOptions { SessionTime = TimeSpan.FromMinutes(1) });
        var deadline = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(30);
        do
        {
            await region.Client.SendAsync(new DescribeRegions());
            Assert.True(DateTimeOffset.UtcNow < deadline, "It was not renewed.");
        }
        while (region.Emulator.Calls.Count(call => call.Action == "AssumeRole") < 2);
    }

    [Fact]
    public async Task Session_that_has_ended_is_renewed()
    {
        await using var region = await StartAsync("role", new EmulatorOptions { SessionTime = TimeSpan.FromSeconds(5) });
        await region.Client.SendAsync(new DescribeRegions());
        var calls = region.Emulator.Calls.Count;
        var end = region.Emulator.Calls.First().At + TimeSpan.FromSeconds(6);
        while (DateTimeOffset.UtcNow < end) await Task.Delay(100);
        await region.Client.SendAsync(new DescribeRegions());

        // The SDK may have renewed it ahead of the end, beside a call.
        var later = region.Emulator.Calls.Skip(calls).ToList();
        Assert.Contains(later, call => call.Action == "AssumeRole");
        Assert.Contains(later, call => call is { Action: "DescribeRegions", Outcome: "OK" });
    }

    [Fact]
    public async Task Role_that_is_denied_is_named_with_the_code_and_no_key()
    {
        await using var region = await StartAsync("role");
        region.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Error, Action = "AssumeRole", Code = "AccessDenied", Message = "User is not authorized to perform: sts:AssumeRole", Status = HttpStatusCode.Forbidden,
        });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(new DescribeRegions()));
        Assert.Equal(("Ec2RoleNotAssumed", "AccessDenied", StratusErrorKind.PermissionDenied), (error.ErrorId, error.Code, error.Kind));
        Assert.Contains(Profiles.Role("first"), error.Message, StringComparison.Ordinal);
        Assert.Contains("AccessDenied", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(new EmulatorOptions().SecretAccessKey, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-ours", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(region.Emulator.Calls, call => call.Action == "DescribeRegions");
    }

    [Theory]
    [InlineData("device", "mfa")]
    [InlineData("long", "duration_seconds=99999")]
    [InlineData("circle", "circle")]
    [InlineData("orphan", "nobody")]
    [InlineData("token", "/nonexistent/token")]
    [InlineData("stranger", "stranger")]
    public async Task Profile_that_cannot_be_used_is_refused_before_anything_is_sent(string profile, string word)
    {
        await using var region = await StartAsync(profile);
        var error = await Assert.ThrowsAsync<StratusException>(() => region.Client.SendAsync(new DescribeRegions()));
        Assert.Equal(StratusErrorKind.PermissionDenied, error.Kind);
        Assert.Contains(word, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(region.Emulator.Calls);
    }

    private static Task<Region> StartAsync(string profile, EmulatorOptions? options = null) =>
        Region.StartAsync(options, client => client with { ProfileName = profile });
}
