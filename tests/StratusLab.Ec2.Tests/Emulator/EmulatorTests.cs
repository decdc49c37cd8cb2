using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Ec2.Emulator.Model;
using StratusLab.Ec2.Emulator.Protocol;
using StratusLab.Rig.Requirements;

namespace StratusLab.Ec2.Tests.Emulator;

/// <summary>That the emulator is as strict, as slow and as short of machines as it is told to be.</summary>
public sealed class EmulatorTests
{
    [RequiresTheory(Need.Botocore)]
    [InlineData("Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1&Colour=red", "Colour is not a parameter")]
    [InlineData("Action=RunInstances&Version=2016-11-15&MinCount=1", "MaxCount is missing")]
    [InlineData("Action=RunInstances&Version=2016-11-15&MinCount=one&MaxCount=1", "MinCount is 'one'")]
    [InlineData("Action=TerminateInstances&Version=2016-11-15&InstanceId.2=i-1", "item '2' where 1 was due")]
    [InlineData("Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1&MetadataOptions.HttpTokens=maybe", "MetadataOptions.HttpTokens is 'maybe'")]
    [InlineData("Action=Dance&Version=2016-11-15", "no action Dance")]
    public void Request_that_does_not_fit_the_service_model_is_found(string body, string problem) =>
        Assert.Contains(RequestValidator.Check(ServiceModel.Installed!, QueryForm.Parse(body)), found => found.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public async Task Launch_is_partial_where_machines_run_out_and_none_where_too_few_are_left()
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, InstanceType = "m5.large", Zone = "eu-west-1a", Left = 3 });
        var launch = new RunInstances { ImageId = region.Image, InstanceType = "m5.large", MinCount = 1, MaxCount = 10, Placement = new Placement { AvailabilityZone = "eu-west-1a" } };
        Assert.Equal(3, (await region.Client.SendAsync(launch)).Instances.Count);
        Assert.Equal("InsufficientInstanceCapacity", (await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(launch))).Code);
        Assert.Equal(10, (await region.Client.SendAsync(launch with { Placement = new Placement { AvailabilityZone = "eu-west-1b" } })).Instances.Count);
    }

    [Fact]
    public async Task Buckets_are_emptied_by_calls_and_filled_by_time()
    {
        var clock = new ManualClock();
        await using var region = await Region.StartAsync(new EmulatorOptions { Throttling = true, Clock = clock }, options => options with { MaxAttempts = 1, ThrottlePatience = TimeSpan.Zero });
        var launch = new RunInstances { ImageId = region.Image, InstanceType = "t3.micro", MinCount = 1, MaxCount = 1 };
        for (var i = 0; i < 5; i++) await region.Client.SendAsync(launch);
        Assert.Equal("Ec2Throttled", (await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(launch))).ErrorId);
        clock.Move(TimeSpan.FromSeconds(1));
        await region.Client.SendAsync(launch);
        await region.Client.SendAsync(launch);
        Assert.Equal("Ec2Throttled", (await Assert.ThrowsAsync<HostRefusedException>(() => region.Client.SendAsync(launch))).ErrorId);
    }

    [Fact]
    public async Task States_and_listings_follow_the_clock()
    {
        var clock = new ManualClock();
        await using var region = await Region.StartAsync(new EmulatorOptions { Clock = clock, StateChange = TimeSpan.FromSeconds(20), DescribeLag = TimeSpan.FromSeconds(10) });
        var id = (await region.Client.SendAsync(new RunInstances { ImageId = region.Image, InstanceType = "t3.micro", MinCount = 1, MaxCount = 1 })).Instances[0].InstanceId;
        Assert.Empty(await region.Client.ListAsync(new DescribeInstances()).ToListAsync());
        clock.Move(TimeSpan.FromSeconds(10));
        Assert.Equal(InstanceState.Pending, await StateAsync());
        clock.Move(TimeSpan.FromSeconds(10));
        Assert.Equal(InstanceState.Running, await StateAsync());

        async Task<InstanceState> StateAsync() => (await region.Client.ListAsync(new DescribeInstances { InstanceIds = [id] }).ToListAsync())[0].Instances[0].State;
    }

    [Fact]
    public async Task Spot_instance_that_is_taken_back_says_why()
    {
        await using var region = await Region.StartAsync();
        var id = (await region.Client.SendAsync(new RunInstances
        {
            ImageId = region.Image, InstanceType = "t3.micro", MinCount = 1, MaxCount = 1, MarketOptions = new InstanceMarketOptions { MarketType = MarketType.Spot, SpotRequestType = "one-time" },
        })).Instances[0].InstanceId;
        region.Emulator.Cloud.Interrupt(id);
        var instance = (await region.Client.ListAsync(new DescribeInstances { InstanceIds = [id] }).ToListAsync())[0].Instances[0];
        Assert.Equal((InstanceState.Terminated, "Server.SpotInstanceTermination"), (instance.State, instance.StateReason!.Code));
    }
}
