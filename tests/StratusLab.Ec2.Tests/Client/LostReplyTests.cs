using System.Net;
using StratusLab.Core;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.Volumes;
using StratusLab.Ec2.Emulator.Faults;

namespace StratusLab.Ec2.Tests.Client;

/// <summary>Connections that break, answers that are cut or are none: nothing is done twice, and the error says how far the request got.</summary>
public sealed class LostReplyTests
{
    public static TheoryData<FaultKind> Losses => [FaultKind.LostRequest, FaultKind.LostReply, FaultKind.CutReply, FaultKind.TruncatedXml, FaultKind.Html];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Launch_with_a_token_is_asked_for_again_and_happens_once(FaultKind kind)
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = kind, Action = "RunInstances", Times = 2, Status = HttpStatusCode.BadGateway });
        var reservation = await region.Client.SendAsync(Launch(region, "token"));
        Assert.Equal(3, reservation.Instances.Count);
        Assert.Equal(3, region.Emulator.Cloud.Launched);
        Assert.Equal(3, region.Emulator.Calls.Count);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Launch_without_a_token_is_not_asked_for_again(FaultKind kind)
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = kind, Action = "RunInstances", Times = 1, Status = HttpStatusCode.BadGateway });
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => region.Client.SendAsync(Launch(region, token: null)));
        Assert.Equal(RequestState.Sent, error.RequestState);
        Assert.Contains("look before making it again", error.Message, StringComparison.Ordinal);
        Assert.Single(region.Emulator.Calls);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Launch_whose_replies_are_all_lost_says_that_it_may_have_happened(FaultKind kind)
    {
        await using var region = await Region.StartAsync(change: options => options with { MaxAttempts = 2 });
        region.Emulator.Faults.Add(new Fault { Kind = kind, Status = HttpStatusCode.BadGateway });
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => region.Client.SendAsync(Launch(region, "token")));
        Assert.Equal(RequestState.Sent, error.RequestState);
        Assert.True(error.IsTransient);
        Assert.Contains("can safely be made again", error.Message, StringComparison.Ordinal);

        // And so it can: the token decides whether there is anything left to do.
        region.Emulator.Faults.Clear();
        Assert.Equal(3, (await region.Client.SendAsync(Launch(region, "token"))).Instances.Count);
        Assert.Equal(3, region.Emulator.Cloud.Launched);
    }

    [Fact]
    public async Task Call_that_cannot_be_repeated_is_made_once_where_the_server_fails()
    {
        await using var region = await Region.StartAsync();
        var volume = await region.Client.SendAsync(new CreateVolume { AvailabilityZone = "eu-west-1a", SizeGiB = 1, ClientToken = "v" });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Action = "CreateSnapshot", Code = "InternalError" });
        var error = await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(new CreateSnapshot { VolumeId = volume.VolumeId }));
        Assert.Equal(("Ec2ServerFailed", "InternalError", true), (error.ErrorId, error.Code, error.IsTransient));
        Assert.Single(region.Emulator.Calls, call => call.Action == "CreateSnapshot");
    }

    [Fact]
    public async Task Nobody_listening_means_that_nothing_was_sent()
    {
        await using var region = await Region.StartAsync(change: options => options with { Endpoint = new Uri("http://127.0.0.1:1"), MaxAttempts = 2 });
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => region.Client.SendAsync(Launch(region, token: null)));
        Assert.Equal(("HostUnreachable", RequestState.NotSent), (error.ErrorId, error.RequestState));
    }

    [Fact]
    public async Task Name_that_does_not_resolve_means_that_nothing_was_sent()
    {
        await using var region = await Region.StartAsync(change: options => options with { Endpoint = new Uri("http://ec2.invalid"), MaxAttempts = 1 });
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => region.Client.SendAsync(Launch(region, token: null)));
        Assert.Equal(RequestState.NotSent, error.RequestState);
    }

    [Fact]
    public async Task Answer_that_does_not_come_in_time_is_an_error_with_the_time()
    {
        await using var region = await Region.StartAsync(change: options => options with { Timeout = TimeSpan.FromSeconds(3), MaxAttempts = 1 });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(60) });
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => region.Client.SendAsync(Launch(region, "token")));
        Assert.NotEqual(RequestState.NotSent, error.RequestState);
    }

    [Fact]
    public async Task Cancellation_ends_a_call_at_once()
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(60) });
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => region.Client.SendAsync(Launch(region, "token"), cancel.Token));
    }

    private static RunInstances Launch(Region region, string? token) =>
        new() { ImageId = region.Image, InstanceType = "t3.micro", MinCount = 3, MaxCount = 3, ClientToken = token };
}
