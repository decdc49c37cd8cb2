using System.Net;
using StratusLab.Core;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;

namespace StratusLab.Ec2.Tests.Client;

/// <summary>What EC2 refuses: its code, its request id, and what to do about it.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("UnauthorizedOperation", 403, "Ec2NotAuthorized", StratusErrorKind.PermissionDenied, "allow ec2:RunInstances")]
    [InlineData("OptInRequired", 401, "Ec2OptInRequired", StratusErrorKind.PermissionDenied, "Enable region 'eu-west-1'")]
    [InlineData("VcpuLimitExceeded", 400, "Ec2QuotaExceeded", StratusErrorKind.NoCapacity, "Service Quotas")]
    [InlineData("RequestExpired", 400, "Ec2CredentialsExpired", StratusErrorKind.PermissionDenied, "Sign in again")]
    [InlineData("ExpiredToken", 400, "Ec2CredentialsExpired", StratusErrorKind.PermissionDenied, "Sign in again")]
    [InlineData("InvalidAMIID.NotFound", 400, "Ec2ImageNotFound", StratusErrorKind.NotFound, "belongs to one region")]
    [InlineData("InvalidInstanceID.NotFound", 400, "VmNotFound", StratusErrorKind.NotFound, "gone")]
    [InlineData("InvalidGroup.Duplicate", 400, "Ec2ResourceExists", StratusErrorKind.AlreadyExists, "Choose another name")]
    [InlineData("IncorrectInstanceState", 400, "Ec2StateInvalid", StratusErrorKind.InvalidState, "Wait")]
    [InlineData("InvalidParameterValue", 400, "Ec2RequestInvalid", StratusErrorKind.InvalidInput, "Correct")]
    [InlineData("SomethingNew", 400, "HostRefused", StratusErrorKind.Failed, "SomethingNew")]
    public async Task Refusal_keeps_the_code_and_says_what_to_do(string code, int status, string errorId, StratusErrorKind kind, string advice)
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Code = code, Status = (HttpStatusCode)status, Message = "As EC2 says it." });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(Launch(region)));
        Assert.Equal((errorId, kind, code, "As EC2 says it."), (error.ErrorId, error.Kind, error.Code, error.HostMessage));
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Matches("Request id [0-9a-f-]{36}", error.Message);
        Assert.False(error.IsTransient);
        Assert.Single(region.Emulator.Calls);
    }

    [Theory]
    [InlineData("InsufficientInstanceCapacity")]
    [InlineData("InsufficientFreeAddressesInSubnet")]
    public async Task Lack_of_capacity_is_not_asked_about_again(string code)
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Code = code, Status = HttpStatusCode.InternalServerError });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(Launch(region)));
        Assert.Equal(("Ec2CapacityLacking", StratusErrorKind.NoCapacity, true), (error.ErrorId, error.Kind, error.IsTransient));
        Assert.Single(region.Emulator.Calls);
    }

    [Fact]
    public async Task Throttling_is_waited_for()
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Code = "RequestLimitExceeded", Status = HttpStatusCode.ServiceUnavailable, Times = 2 });
        await region.Client.SendAsync(Launch(region));
        Assert.Equal(["RequestLimitExceeded", "RequestLimitExceeded", "OK"], region.Emulator.Calls.Select(call => call.Outcome));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Throttling_that_does_not_end_is_an_error(bool adaptive)
    {
        await using var region = await Region.StartAsync(change: options => options with { MaxAttempts = 2, AdaptiveRetry = adaptive, ThrottlePatience = TimeSpan.Zero });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Code = "RequestLimitExceeded", Status = HttpStatusCode.ServiceUnavailable });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(Launch(region)));
        Assert.Equal(("Ec2Throttled", true), (error.ErrorId, error.IsTransient));

        // Where it slows itself down it may find that the second attempt is not to be made.
        Assert.InRange(region.Emulator.Calls.Count, adaptive ? 1 : 2, 2);
    }

    [Theory]
    [InlineData(true, "ec2:RunInstances on arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1 is denied by a policy to arn:aws:iam::123456789012:user/tester")]
    [InlineData(false, "ec2:RunInstances on arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1 is allowed by no policy to arn:aws:iam::123456789012:user/tester")]
    public async Task Encoded_message_of_a_refusal_is_decoded_where_that_is_allowed(bool isExplicit, string denied)
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Cloud.Denials["ABCDEFGHIJ"] = $$$"""
            {"allowed":false,"explicitDeny":{{{(isExplicit ? "true" : "false")}}},"context":{"principal":{"id":"AIDA","arn":"arn:aws:iam::123456789012:user/tester"},
            "action":"ec2:RunInstances","resource":"arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1"}}
            """;
        region.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Error, Action = "RunInstances", Code = "UnauthorizedOperation", Status = HttpStatusCode.Forbidden,
            Message = "You are not authorized to perform this operation. Encoded authorization failure message: ABCDEFGHIJ",
        });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(Launch(region)));
        Assert.Equal(("Ec2NotAuthorized", "UnauthorizedOperation"), (error.ErrorId, error.Code));
        Assert.Contains(denied, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ABCDEFGHIJ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encoded_message_of_a_refusal_is_left_out()
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Error, Code = "UnauthorizedOperation", Status = HttpStatusCode.Forbidden,
            Message = "You are not authorized to perform this operation. Encoded authorization failure message: ABCDEFGHIJ",
        });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(Launch(region)));
        Assert.DoesNotContain("ABCDEFGHIJ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_run_tells_what_is_not_allowed()
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Code = "UnauthorizedOperation", Status = HttpStatusCode.Forbidden });
        Assert.Equal("Ec2NotAuthorized", (await region.Client.DryRunAsync(Launch(region)))!.ErrorId);
    }

    [Fact]
    public async Task Token_used_for_something_else_is_refused()
    {
        await using var region = await Region.StartAsync();
        await region.Client.SendAsync(Launch(region));
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(Launch(region) with { InstanceType = "m5.large" }));
        Assert.Equal("Ec2TokenMismatch", error.ErrorId);
    }

    [Fact]
    public async Task Wrong_keys_are_refused_and_no_key_shows_in_the_error()
    {
        await using var region = await Region.StartAsync(new EmulatorOptions { SecretAccessKey = "another" });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(new DescribeRegions()));
        Assert.Equal(("Ec2SignInFailed", "SignatureDoesNotMatch"), (error.ErrorId, error.Code));
        Assert.DoesNotContain(new EmulatorOptions().SecretAccessKey, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Region_that_the_endpoint_is_not_is_refused()
    {
        await using var region = await Region.StartAsync(change: options => options with { Region = "us-east-1" });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(new DescribeRegions()));
        Assert.Equal(("Ec2SignInFailed", "AuthFailure"), (error.ErrorId, error.Code));
        Assert.Contains("us-east-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_that_is_wrong_is_corrected_by_the_servers()
    {
        await using var region = await Region.StartAsync(new EmulatorOptions { Clock = new ShiftedClock(TimeSpan.FromMinutes(20)) });
        Assert.NotEmpty(await region.Client.SendAsync(new DescribeRegions()));
        Assert.Equal("RequestExpired", region.Emulator.Calls.First().Outcome);
    }

    [Fact]
    public async Task Profile_that_is_not_there_is_named_before_anything_is_sent()
    {
        await using var region = await Region.StartAsync(change: options => options with { ProfileName = "nobody" });
        var error = await Assert.ThrowsAsync<StratusException>(() => region.Client.SendAsync(new DescribeRegions()));
        Assert.Equal(("Ec2CredentialsNotFound", StratusErrorKind.PermissionDenied), (error.ErrorId, error.Kind));
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
        Assert.Empty(region.Emulator.Calls);
    }

    [Fact]
    public async Task Image_that_is_not_there_is_refused()
    {
        await using var region = await Region.StartAsync();
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(new DescribeImages { ImageIds = ["ami-0"] }));
        Assert.Equal("Ec2ImageNotFound", error.ErrorId);
    }

    private static RunInstances Launch(Region region) =>
        new() { ImageId = region.Image, InstanceType = "t3.micro", MinCount = 1, MaxCount = 1, ClientToken = "token" };

    private sealed class ShiftedClock(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
