using System.Net;
using StratusLab.Core;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Emulator.Faults;

namespace StratusLab.Ec2.Tests.Client;

/// <summary>Answers that are not EC2's.</summary>
public sealed class BadAnswerTests
{
    [Theory]
    [InlineData(FaultKind.Portal)]
    [InlineData(FaultKind.EntityBomb)]
    public async Task Answer_of_another_kind_breaks_the_protocol(FaultKind kind)
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = kind });
        var error = await Assert.ThrowsAsync<HostProtocolException>(() => region.Client.ListAsync(new DescribeInstances()).ToListAsync());
        Assert.Equal("Ec2ReplyNotUnderstood", error.ErrorId);
        Assert.Contains("no proxy or sign-in page", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_of_a_proxy_that_refuses_breaks_the_protocol()
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Html, Status = HttpStatusCode.Forbidden });
        var error = await Assert.ThrowsAsync<HostProtocolException>(() => region.Client.ListAsync(new DescribeInstances()).ToListAsync());
        Assert.Contains("HTTP 403", error.Message, StringComparison.Ordinal);
        Assert.Contains("Bad gateway", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_is_not_followed_with_the_signature()
    {
        await using var region = await Region.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Html, Status = HttpStatusCode.Found });
        await Assert.ThrowsAsync<HostProtocolException>(() => region.Client.ListAsync(new DescribeInstances()).ToListAsync());
        Assert.Single(region.Emulator.Calls);
    }

    [Fact]
    public async Task Page_that_is_lost_once_is_asked_for_again_and_no_item_is_given_twice()
    {
        await using var region = await Region.StartAsync();
        await region.Client.SendAsync(new RunInstances { ImageId = region.Image, InstanceType = "t3.micro", MinCount = 1, MaxCount = 40 });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.CutReply, Action = "DescribeInstances", After = 1, Times = 1 });
        var instances = (await region.Client.ListAsync(new DescribeInstances { MaxResults = 10 }).ToListAsync()).SelectMany(r => r.Instances).ToList();
        Assert.Equal(40, instances.Select(i => i.InstanceId).Distinct().Count());
        Assert.Equal(40, instances.Count);
        Assert.Equal(5, region.Emulator.Calls.Count(call => call.Action == "DescribeInstances"));
    }

    [Fact]
    public async Task Listing_asks_for_no_page_that_is_not_read()
    {
        await using var region = await Region.StartAsync();
        await region.Client.SendAsync(new RunInstances { ImageId = region.Image, InstanceType = "t3.micro", MinCount = 1, MaxCount = 40 });
        await foreach (var reservation in region.Client.ListAsync(new DescribeInstances { MaxResults = 10 }))
        {
            Assert.NotEmpty(reservation.Instances);
            break;
        }

        Assert.Single(region.Emulator.Calls, call => call.Action == "DescribeInstances");
    }
}
