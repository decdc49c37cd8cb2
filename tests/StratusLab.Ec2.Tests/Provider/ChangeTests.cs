using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Rig;
using Xunit.Abstractions;

namespace StratusLab.Ec2.Tests.Provider;

/// <summary>Power, removal and what goes with a launch.</summary>
public sealed class ChangeTests(ITestOutputHelper output)
{
    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };

    [Fact]
    public async Task Thousand_VMs_are_stopped_started_and_removed_in_few_calls()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var ids = (await provider.CreateAsync(ProviderRegion.Requests(1000)).ToListAsync()).ConvertAll(outcome => ProviderRegion.Succeeded(outcome).Id);
        var before = region.Emulator.Calls.Count;
        Assert.All(await provider.ChangePowerAsync(ids, PowerAction.PowerOff).ToListAsync(), outcome => Assert.Equal(VmState.Stopped, ProviderRegion.Succeeded(outcome).State));
        Assert.All(await provider.ChangePowerAsync(ids, PowerAction.Start).ToListAsync(), outcome => Assert.Equal(VmState.Running, ProviderRegion.Succeeded(outcome).State));
        Assert.All(await provider.ChangePowerAsync(ids, PowerAction.Reboot).ToListAsync(), outcome => ProviderRegion.Succeeded(outcome));
        output.WriteLine($"power: {region.Emulator.Calls.Count - before} calls");
        Assert.InRange(region.Emulator.Calls.Count - before, 3, 15);
        before = region.Emulator.Calls.Count;
        var removed = await provider.DeleteAsync(ids, new DeleteOptions()).ToListAsync();
        output.WriteLine($"removal: {region.Emulator.Calls.Count - before} calls");
        Assert.InRange(region.Emulator.Calls.Count - before, 2, 10);
        Assert.Equal(1000, removed.Count(outcome => outcome.Succeeded));
        Assert.Empty(region.Alive);
    }

    [Fact]
    public async Task Protected_instance_spoils_no_removal_but_its_own()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var ids = (await provider.CreateAsync(ProviderRegion.Requests(20)).ToListAsync()).ConvertAll(outcome => ProviderRegion.Succeeded(outcome).Id);
        lock (region.Cloud.Gate) region.Cloud.Instance(ids[7].Key).IsProtected = true;
        var outcomes = await provider.DeleteAsync(ids, AtOnce).ToListAsync();
        var kept = Assert.Single(outcomes, outcome => !outcome.Succeeded);
        Assert.Equal((ids[7], "Ec2NotPermitted"), (kept.Id, kept.Error?.ErrorId));
        Assert.Equal(ids[7].Key, Assert.Single(region.Alive));
    }

    [Fact]
    public async Task Spot_instance_is_removed_with_its_guest_asked_and_not_stopped()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var spot = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { Market = VmMarket.Spot }]).ToListAsync())).Id;
        Assert.Equal("VmSpotNotStoppable", Assert.Single(await provider.ChangePowerAsync([spot], PowerAction.Shutdown).ToListAsync()).Error?.ErrorId);
        Assert.Null(Assert.Single(await provider.DeleteAsync([spot], new DeleteOptions()).ToListAsync()).Error);
        Assert.Empty(region.Alive);
        Assert.Equal(0, region.Count("StopInstances"));
    }

    [Fact]
    public async Task VM_that_EC2_does_not_know_yet_is_removed_when_it_does()
    {
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { DescribeLag = TimeSpan.FromSeconds(2) }, new FastClock(5));
        await using var provider = region.Connect();
        var ids = (await provider.CreateAsync(ProviderRegion.Requests(5)).ToListAsync()).ConvertAll(outcome => ProviderRegion.Succeeded(outcome).Id);
        Assert.All(await provider.DeleteAsync(ids, AtOnce).ToListAsync(), outcome => Assert.Null(outcome.Error));
        Assert.Empty(region.Alive);
        Assert.Contains(region.Emulator.Calls, call => call is { Action: "TerminateInstances", Outcome: "InvalidInstanceID.NotFound" });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VM_of_another_process_that_EC2_does_not_describe_yet_is_removed(bool isForced)
    {
        var clock = new FastClock(10);
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { DescribeLag = TimeSpan.FromSeconds(2) }, clock);
        await using var first = region.Connect();
        var ids = (await first.CreateAsync(ProviderRegion.Requests(5)).ToListAsync()).ConvertAll(outcome => ProviderRegion.Succeeded(outcome).Id);
        await using var second = region.Connect(calls: new MemoryCallJournal(clock));
        var bogus = new VmId("aws", "not-an-instance");
        Assert.All(await second.DeleteAsync([.. ids, bogus], isForced ? AtOnce : new DeleteOptions()).ToListAsync(), outcome => Assert.Null(outcome.Error));
        Assert.Empty(region.Alive);
    }

    [Fact]
    public async Task Power_of_a_VM_of_another_process_is_changed_when_EC2_describes_it()
    {
        var clock = new FastClock(10);
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { DescribeLag = TimeSpan.FromSeconds(2) }, clock);
        await using var first = region.Connect();
        var id = ProviderRegion.Succeeded(Assert.Single(await first.CreateAsync([ProviderRegion.Request()]).ToListAsync())).Id;
        await using var second = region.Connect(calls: new MemoryCallJournal(clock));
        Assert.Equal(VmState.Stopped, ProviderRegion.Succeeded(Assert.Single(await second.ChangePowerAsync([id], PowerAction.PowerOff).ToListAsync())).State);
    }

    [Fact]
    public async Task Instance_that_EC2_never_describes_is_gone_and_cannot_be_started()
    {
        var clock = new FastClock(60);
        await using var region = await ProviderRegion.StartAsync(clock: clock);
        await using var provider = region.Connect();
        var ghost = new VmId("aws", "i-0123456789abcdef0");
        var began = clock.GetTimestamp();
        Assert.Null(Assert.Single(await provider.DeleteAsync([ghost], AtOnce).ToListAsync()).Error);
        Assert.InRange(clock.GetElapsedTime(began), TimeSpan.FromSeconds(90), TimeSpan.MaxValue);
        Assert.Equal("VmNotFound", Assert.Single(await provider.ChangePowerAsync([ghost], PowerAction.Start).ToListAsync()).Error?.ErrorId);
    }

    [Fact]
    public async Task Removal_is_not_misled_by_a_lost_page()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using (var first = region.Connect()) await first.CreateAsync(ProviderRegion.Requests(5)).ToListAsync();
        var ids = region.Alive.Select(id => new VmId("aws", id)).ToList();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostItem, Action = "DescribeInstances", Times = 1 });
        await using var provider = region.Connect();
        Assert.All(await provider.DeleteAsync(ids, AtOnce).ToListAsync(), outcome => Assert.Null(outcome.Error));
        Assert.Empty(region.Alive);
    }

    [Fact]
    public async Task Ports_are_opened_in_a_group_that_those_who_ask_the_same_share()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect("&from=192.0.2.0%2F24");
        await provider.CreateAsync([ProviderRegion.Request() with { OpenPorts = [443, 22] }]).ToListAsync();
        await provider.CreateAsync([ProviderRegion.Request() with { OpenPorts = [22, 443] }]).ToListAsync();
        var group = Assert.Single(region.Cloud.Groups, g => g.Name != "default");
        Assert.Equal([("tcp", 22, 22, "192.0.2.0/24"), ("tcp", 443, 443, "192.0.2.0/24")], group.Rules.Select(r => (r.Protocol, r.From!.Value, r.To!.Value, r.Cidr4!)).Order());
        Assert.All(region.Cloud.Instances, instance => Assert.Equal([group.Id], instance.GroupIds));
        Assert.Equal(1, region.Count("DescribeSecurityGroups"));

        // What somebody opened or closed by hand is put right by the next process.
        lock (region.Cloud.Gate)
        {
            group.Rules[0] = group.Rules[0] with { From = 23, To = 23 };
        }

        await using var second = region.Connect("&from=192.0.2.0%2F24");
        await second.CreateAsync([ProviderRegion.Request() with { OpenPorts = [22, 443] }]).ToListAsync();
        Assert.Equal([22, 443], group.Rules.Select(r => r.From!.Value).Order());
        Assert.Empty(region.Emulator.Violations);
    }

    [Fact]
    public async Task Nobody_is_let_in_unless_a_key_or_a_port_is_given()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        await provider.CreateAsync([ProviderRegion.Request()]).ToListAsync();
        Assert.Equal([region.Cloud.Groups[0].Id], region.Cloud.Instances[^1].GroupIds);
        await provider.CreateAsync([ProviderRegion.Request() with { OpenPorts = [] }]).ToListAsync();
        Assert.Empty(region.Cloud.Groups.Single(g => g.Id == region.Cloud.Instances[^1].GroupIds[0]).Rules);
        await provider.CreateAsync([ProviderRegion.Request() with { Guest = new GuestSetup { SshKeys = ["ssh-ed25519 AAAA me"] } }]).ToListAsync();
        Assert.Equal(22, Assert.Single(region.Cloud.Groups.Single(g => g.Id == region.Cloud.Instances[^1].GroupIds[0]).Rules).From);
    }

    [Fact]
    public async Task Key_pair_is_imported_once_under_a_name_that_is_its_own()
    {
        await using var region = await ProviderRegion.StartAsync();
        for (var round = 0; round < 2; round++)
        {
            await using var provider = region.Connect();
            Assert.All(await provider.CreateAsync([ProviderRegion.Request() with { Guest = new GuestSetup { SshKeys = ["ssh-ed25519 AAAA me@home"] } }]).ToListAsync(), outcome => ProviderRegion.Succeeded(outcome));
        }

        var key = Assert.Single(region.Cloud.Keys);
        Assert.Equal("ssh-ed25519 AAAA", key.Content);
        Assert.All(region.Cloud.Instances, instance => Assert.Equal(key.Name, instance.KeyName));
    }

    [Fact]
    public async Task Removal_at_shutdown_is_asked_for()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        await provider.CreateAsync([ProviderRegion.Request() with { RemoveOnShutdown = true }]).ToListAsync();
        Assert.Equal("terminate", region.Cloud.Instances[^1].ShutdownBehavior);
        Assert.Equal("stop", (await CreateOneAsync(provider, region)).ShutdownBehavior);
    }

    private static async Task<EmulatedInstance> CreateOneAsync(IComputeProvider provider, ProviderRegion region)
    {
        await provider.CreateAsync([ProviderRegion.Request()]).ToListAsync();
        return region.Cloud.Instances[^1];
    }
}
