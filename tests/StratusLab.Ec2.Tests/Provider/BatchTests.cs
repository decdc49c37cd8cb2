using System.Net;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Rig;
using Xunit.Abstractions;

namespace StratusLab.Ec2.Tests.Provider;

/// <summary>Many VMs in few calls, each with its own name, spread over zones and rerouted where machines lack.</summary>
public sealed class BatchTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Thousand_VMs_are_launched_in_at_most_twelve_calls()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        await provider.InspectAsync();
        var before = region.Emulator.Calls.Count;
        var requests = ProviderRegion.Requests(1000);
        var vms = (await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        output.WriteLine(string.Join(", ", region.Emulator.Calls.Skip(before).GroupBy(call => call.Action).Select(g => $"{g.Key} {g.Count()}")));
        Assert.InRange(region.Emulator.Calls.Count - before, 1, 12);
        Assert.Equal(1000, region.Cloud.Launched);
        Assert.Equal(requests.ToDictionary(r => r.RequestId, r => r.Name), vms.ToDictionary(vm => vm.RequestId!.Value, vm => vm.Name));
        Assert.Equal(3, vms.Select(vm => vm.Zone).Distinct().Count());
        Assert.Empty(region.Emulator.Violations);

        await using var second = region.Connect();
        var listed = await second.ListAsync(VmQuery.Managed).ToListAsync();
        Assert.Equal(vms.ToDictionary(vm => vm.Id, vm => (vm.Name, vm.RequestId)), listed.ToDictionary(vm => vm.Id, vm => (vm.Name, vm.RequestId)));
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, true, true)]
    [InlineData(3, false, false)]
    [InlineData(4, true, false)]
    [InlineData(null, true, false)]
    public async Task Thousand_VMs_in_bad_weather_are_exactly_a_thousand(int? given, bool isLate, bool isPartial)
    {
        var seed = given ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var clock = new FastClock(10);
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { Seed = seed, Clock = TimeProvider.System, DescribeLag = TimeSpan.FromSeconds(isLate ? 3 : 0) }, clock);
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, Share = 0.3, IsPartial = isPartial });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Code = "RequestLimitExceeded", Status = HttpStatusCode.ServiceUnavailable, Share = 0.1 });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostReply, Share = 0.05 });
        if (isLate) region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostItem, Action = "DescribeInstances", Share = 0.2 });
        await using var provider = region.Connect("&attempts=8");

        // Labels leave room for few names in the tags: more and smaller launches, for more to go wrong.
        var labels = Enumerable.Range(0, 25).ToDictionary(number => $"l{number}", number => $"{number}");
        var requests = ProviderRegion.Requests(1000).Select(request => request with { Labels = labels }).ToList();
        var vms = (await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        output.WriteLine(string.Join(", ", region.Emulator.Calls.GroupBy(call => $"{call.Action} {call.Outcome}").Select(g => $"{g.Key} {g.Count()}")));
        if (given is not null && !isPartial) Assert.Contains(region.Emulator.Calls, call => call is { Action: "RunInstances", Outcome: "InsufficientInstanceCapacity" });
        Assert.Equal(1000, region.Cloud.Launched);
        Assert.Equal(region.Alive.Order(StringComparer.Ordinal), vms.Select(vm => vm.Id.Key).Order(StringComparer.Ordinal));
        Assert.Equal(requests.Select(r => r.RequestId).Order(), vms.Select(vm => vm.RequestId!.Value).Order());
        Assert.DoesNotContain(region.Calls.Calls, call => call.State == CallState.Open);
        var listed = await provider.ListAsync(VmQuery.Managed).ToListAsync();
        Assert.Equal(1000, listed.Select(vm => vm.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task Place_that_has_machines_for_some_gives_those_and_the_others_go_elsewhere()
    {
        await using var region = await ProviderRegion.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, InstanceType = "t3.micro", Zone = "eu-west-1a", Left = 4 });
        await using var provider = region.Connect();
        var requests = ProviderRegion.Requests(10);
        var vms = (await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        Assert.Equal(["eu-west-1a", "eu-west-1b"], vms.OrderBy(vm => vm.Name, StringComparer.Ordinal).Select(vm => vm.Zone!).Distinct());
        Assert.Equal(4, vms.Count(vm => vm.Zone == "eu-west-1a"));
        Assert.Equal(requests.Select(r => (r.Name, r.RequestId)), vms.OrderBy(vm => vm.Name, StringComparer.Ordinal).Select(vm => (vm.Name, vm.RequestId!.Value)));
        Assert.Equal(10, region.Cloud.Launched);
        Assert.Equal(2, region.Count("RunInstances"));

        // It is remembered for a while.
        await provider.CreateAsync([ProviderRegion.Request()]).ToListAsync();
        Assert.Equal("eu-west-1b", region.Cloud.Instances[^1].Subnet.Zone);
        Assert.Equal(3, region.Count("RunInstances"));
    }

    [Fact]
    public async Task Spot_that_is_nowhere_to_be_had_is_bought_on_demand_where_that_is_allowed()
    {
        await using var region = await ProviderRegion.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, Market = "spot" });
        await using var provider = region.Connect();
        var spot = ProviderRegion.Request() with { Market = VmMarket.Spot, MachineType = "m5.large" };
        var refused = Assert.Single(await provider.CreateAsync([spot]).ToListAsync()).Error;
        Assert.Equal(("Ec2CapacityLacking", StratusErrorKind.NoCapacity), (refused?.ErrorId, refused?.Kind));
        Assert.Contains("m5.large in eu-west-1a (spot)", refused!.Message, StringComparison.Ordinal);
        var vm = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { Market = VmMarket.Spot, MachineType = "m5.large", FallBackToOnDemand = true }]).ToListAsync()));
        Assert.Equal((VmMarket.OnDemand, "m5.large"), (vm.Market, vm.MachineType));
        Assert.Equal(1, region.Cloud.Launched);
    }

    [Fact]
    public async Task Spot_is_asked_for_once_and_told()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var vm = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { Market = VmMarket.Spot }]).ToListAsync()));
        Assert.Equal(VmMarket.Spot, vm.Market);
        var form = region.Emulator.Calls.Single(call => call.Action == "RunInstances").Form;
        Assert.Equal("one-time", form["InstanceMarketOptions.SpotOptions.SpotInstanceType"]);
        Assert.Null(form["InstanceMarketOptions.SpotOptions.MaxPrice"]);
    }

    [Fact]
    public async Task Spot_machine_may_cost_what_the_highest_price_leaves_beside_the_disk()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var request = ProviderRegion.Request() with { Market = VmMarket.Spot, MachineType = "m5.large", Disk = ByteSize.FromGiB(73), MaxHourlyPrice = 0.1m };
        var vm = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([request]).ToListAsync()));

        // A month of gp3 is 0.088 a GiB here, and has 730 hours.
        Assert.Equal("0.0912", region.Emulator.Calls.Single(call => call.Action == "RunInstances").Form["InstanceMarketOptions.SpotOptions.MaxPrice"]);
        Assert.InRange(vm.HourlyPrice ?? 0, 0.0088m, 0.1m);
    }

    [Theory]
    [InlineData(VmMarket.OnDemand)]
    [InlineData(VmMarket.Spot)]
    public async Task Price_and_vCPUs_are_told_to_a_fresh_process(VmMarket market)
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var first = region.Connect();
        var made = (await first.CreateAsync([.. ProviderRegion.Requests(3).Select(request => request with { Market = market, MachineType = "m5.xlarge", Cpu = 2 })]).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        await using var fresh = region.Connect(calls: new MemoryCallJournal());
        var listed = await fresh.ListAsync(VmQuery.Managed).ToListAsync();
        Assert.Equal(3, listed.Count);
        Assert.All(listed, vm => Assert.Equal((made[0].HourlyPrice, 4), (vm.HourlyPrice, vm.Cpu)));
        Assert.InRange(made[0].HourlyPrice ?? 0, 0.01m, 0.3m);
    }

    [Fact]
    public async Task Price_that_may_not_be_passed_is_not()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var error = Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { MaxHourlyPrice = 0.0001m }]).ToListAsync()).Error;
        Assert.Equal("Ec2PriceTooHigh", error?.ErrorId);
        Assert.Equal(0, region.Count("RunInstances"));
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, InstanceType = "t3.micro" });
        var vm = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([ProviderRegion.Request()]).ToListAsync()));
        Assert.NotNull(vm.HourlyPrice);
        Assert.Equal(vm.HourlyPrice, Assert.Single(await provider.ListAsync(VmQuery.Managed).ToListAsync()).HourlyPrice);
    }

    [Fact]
    public async Task Quota_is_an_error_and_no_reason_to_try_elsewhere()
    {
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { VCpuLimit = 4 });
        await using var provider = region.Connect();
        var outcomes = await provider.CreateAsync(ProviderRegion.Requests(5)).ToListAsync();
        Assert.All(outcomes, outcome => Assert.Equal("Ec2QuotaExceeded", outcome.Error?.ErrorId));
        Assert.Equal(1, region.Count("RunInstances"));
    }

    [Fact]
    public async Task Guests_of_a_batch_find_their_own_names_by_their_numbers()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var requests = ProviderRegion.Requests(3).Select(r => r with { Guest = new GuestSetup { SshKeys = ["ssh-ed25519 AAAA {{ not a template }}"], UserData = "#!/bin/sh\necho hello\n" } }).ToList();
        Assert.All(await provider.CreateAsync(requests).ToListAsync(), outcome => ProviderRegion.Succeeded(outcome));
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(region.Cloud.Instances[0].UserData!));
        Assert.Contains("## template: jinja\n#cloud-config\nhostname: \"{{ ['atlas-0001','atlas-0002','atlas-0003'][ds.meta_data.ami_launch_index | int] }}\"\n", text, StringComparison.Ordinal);
        var parts = text.Split("\n--==", StringSplitOptions.None);
        Assert.Equal(5, parts.Length);
        Assert.Contains("text/jinja2", parts[1], StringComparison.Ordinal);
        Assert.Contains("text/cloud-config", parts[2], StringComparison.Ordinal);
        Assert.Contains("{{ not a template }}", parts[2], StringComparison.Ordinal);
        Assert.Contains("text/x-shellscript", parts[3], StringComparison.Ordinal);
        Assert.All(region.Cloud.Instances, instance => Assert.Equal("atlas-000*", instance.Tags["Name"]));
    }

    [Fact]
    public async Task VMs_that_differ_are_launched_apart_and_a_name_given_twice_is_refused_once()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var same = ProviderRegion.Requests(2);
        var outcomes = await provider.CreateAsync([same[0], same[1], ProviderRegion.Request() with { Owner = "other" }, ProviderRegion.Request() with { Name = same[0].Name }]).ToListAsync();
        Assert.Equal("VmNameTaken", Assert.Single(outcomes, outcome => outcome.Error is not null).Error?.ErrorId);
        Assert.Equal(2, region.Count("RunInstances"));
        Assert.Equal(3, region.Cloud.Launched);
    }

    [Fact]
    public async Task Labels_leave_less_room_for_names_and_are_changed_for_one_VM_alone()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var labels = Enumerable.Range(0, 32).ToDictionary(number => $"label{number}", number => $"{number}");
        var vms = (await provider.CreateAsync([.. ProviderRegion.Requests(40).Select(r => r with { Labels = labels })]).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        Assert.InRange(region.Count("RunInstances"), 2, 10);
        Assert.All(region.Cloud.Instances, instance => Assert.InRange(instance.Tags.Count, 1, 50));
        await provider.UpdateAsync(vms[7].Id, new VmChange { Labels = new Dictionary<string, string> { ["new"] = "1" } });
        var listed = await provider.ListAsync(VmQuery.Managed).ToListAsync();
        Assert.Equal("1", Assert.Single(listed, vm => vm.Labels.Count == 1).Labels["new"]);
        Assert.Equal(vms[7].Id, Assert.Single(listed, vm => vm.Labels.Count == 1).Id);
        Assert.Equal(vms[7].Id, Assert.Single(await provider.ListAsync(VmQuery.Managed with { Names = [vms[7].Name] }).ToListAsync()).Id);
    }
}
