using System.Net;
using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Rig;

namespace StratusLab.Ec2.Tests.Provider;

/// <summary>Answers that are lost, processes that are many, listings that lag: one request, one VM.</summary>
public sealed class ExactlyOnceTests
{
    private static readonly Fault AllLost = new() { Kind = FaultKind.LostReply, Action = "RunInstances" };

    [Fact]
    public async Task Create_repeated_after_a_lost_reply_makes_the_same_call_again_and_not_another_elsewhere()
    {
        await using var region = await ProviderRegion.StartAsync(clock: new FastClock(60));
        await using var provider = region.Connect();
        var requests = ProviderRegion.Requests(5);
        region.Emulator.Faults.Add(AllLost);
        var lost = await provider.CreateAsync(requests).ToListAsync();
        Assert.All(lost, outcome => Assert.Equal(RequestState.Sent, Assert.IsType<HostConnectionException>(outcome.Error).RequestState));
        Assert.Equal(5, region.Cloud.Launched);
        Assert.Single(region.Calls.Calls, call => call.State == CallState.Open);

        // The place of the first call has no machines left: whoever went on elsewhere would have ten VMs.
        region.Emulator.Faults.Clear();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, InstanceType = region.Cloud.Instances[0].Type.Name });
        var made = (await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        Assert.Equal(region.Alive.Order(StringComparer.Ordinal), made.Select(vm => vm.Id.Key).Order(StringComparer.Ordinal));
        Assert.Equal(5, region.Cloud.Launched);
        Assert.DoesNotContain(region.Calls.Calls, call => call.State == CallState.Open);
        Assert.Single(region.Calls.Calls.Select(call => call.Intent.Token).Distinct());
        Assert.Single(region.Emulator.Calls.Where(call => call.Action == "RunInstances").Select(call => string.Join('&', call.Form.All)).Distinct());
    }

    [Fact]
    public async Task Call_left_behind_by_another_process_is_made_again_when_that_can_be_at_it_no_longer()
    {
        var clock = new FastClock(60);
        await using var region = await ProviderRegion.StartAsync(clock: clock);
        var requests = ProviderRegion.Requests(3);
        await using (var dead = region.Connect())
        {
            region.Emulator.Faults.Add(AllLost);
            await dead.CreateAsync(requests).ToListAsync();
            region.Emulator.Faults.Clear();
        }

        await using var provider = region.Connect();
        var made = (await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        Assert.Equal(3, made.Select(vm => vm.Id).Distinct().Count());
        Assert.Equal(3, region.Cloud.Launched);
    }

    [Fact]
    public async Task Call_left_behind_whose_user_data_is_not_here_is_looked_up_by_its_token()
    {
        await using var region = await ProviderRegion.StartAsync(clock: new FastClock(60));
        await using var provider = region.Connect();
        var request = ProviderRegion.Request() with { Guest = new GuestSetup { UserData = "#!/bin/sh\necho one\n" } };
        region.Emulator.Faults.Add(AllLost);
        await provider.CreateAsync([request]).ToListAsync();
        region.Emulator.Faults.Clear();
        var asked = region.Count("RunInstances");
        var made = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([request with { Guest = new GuestSetup { UserData = "#!/bin/sh\necho two\n" } }]).ToListAsync()));
        Assert.Equal(Assert.Single(region.Alive), made.Id.Key);
        Assert.Equal(asked, region.Count("RunInstances"));
        Assert.DoesNotContain("echo", region.Calls.Calls[0].Intent.Request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.LostRequest)]
    [InlineData(FaultKind.LostReply)]
    [InlineData(FaultKind.CutReply)]
    [InlineData(FaultKind.TruncatedXml)]
    [InlineData(FaultKind.EntityBomb)]
    [InlineData(FaultKind.Html)]
    [InlineData(FaultKind.Portal)]
    [InlineData(FaultKind.Error)]
    public async Task Recovery_finds_what_was_launched_and_that_nothing_was(FaultKind kind)
    {
        await using var region = await ProviderRegion.StartAsync(clock: new FastClock(60));
        var requests = ProviderRegion.Requests(3);
        region.Emulator.Faults.Add(new Fault { Kind = kind, Action = "RunInstances", Status = HttpStatusCode.InternalServerError });
        await using (var dead = region.Connect())
            Assert.All(await dead.CreateAsync(requests).ToListAsync(), outcome => Assert.IsType<HostConnectionException>(outcome.Error));
        region.Emulator.Faults.Clear();

        await using var provider = region.Connect();
        var settled = await provider.RecoverAsync(requests).ToListAsync();
        Assert.Equal(requests.Select(r => r.RequestId).Order(), settled.Select(o => o.RequestId!.Value).Order());
        Assert.All(settled, outcome => Assert.Null(outcome.Error));
        Assert.Equal(region.Alive.Order(StringComparer.Ordinal), settled.Where(o => o.Vm is not null).Select(o => o.Vm!.Id.Key).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(region.Calls.Calls, call => call.State == CallState.Open);
    }

    [Fact]
    public async Task Recovery_of_what_was_never_asked_for_needs_no_waiting()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var settled = await provider.RecoverAsync([ProviderRegion.Request() with { CreatedAt = DateTimeOffset.UtcNow }]).ToListAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Null(Assert.Single(settled).Vm);
    }

    [Fact]
    public async Task Refused_launch_is_no_doubt_and_no_reason_to_try_elsewhere()
    {
        await using var region = await ProviderRegion.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Action = "RunInstances", Code = "UnauthorizedOperation", Message = "You are not authorized.", Status = HttpStatusCode.Forbidden });
        await using var provider = region.Connect();
        var outcomes = await provider.CreateAsync(ProviderRegion.Requests(3)).ToListAsync();
        Assert.All(outcomes, outcome => Assert.Equal("Ec2NotAuthorized", outcome.Error?.ErrorId));
        Assert.Equal(1, region.Count("RunInstances"));
        Assert.Equal((CallState.Refused, "UnauthorizedOperation"), region.Calls.Calls.Select(call => (call.State, call.Outcome)).Single());
    }

    [Fact]
    public async Task Credentials_that_expire_while_an_answer_is_awaited_leave_the_doubt()
    {
        await using var region = await ProviderRegion.StartAsync(clock: new FastClock(20));
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostReply, Action = "RunInstances", Times = 1 });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Action = "RunInstances", Code = "RequestExpired", Status = HttpStatusCode.BadRequest, Times = 1 });
        await using var provider = region.Connect();
        var request = ProviderRegion.Request();
        Assert.IsType<HostConnectionException>(Assert.Single(await provider.CreateAsync([request]).ToListAsync()).Error);
        Assert.Equal(Assert.Single(region.Alive), Assert.Single(await provider.RecoverAsync([request]).ToListAsync()).Vm?.Id.Key);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Two_processes_asked_for_the_same_at_once_make_it_once(int seed)
    {
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { Seed = seed }, new FastClock(5));
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, Share = 0.5 });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostReply, Action = "RunInstances", Share = 0.3 });
        var requests = ProviderRegion.Requests(30);
        await using var first = region.Connect();
        await using var second = region.Connect();
        var both = await Task.WhenAll(first.CreateAsync(requests).ToListAsync(), second.CreateAsync([.. requests.Reverse()]).ToListAsync());
        Assert.All(both, outcomes => Assert.Equal(region.Alive.Order(StringComparer.Ordinal), outcomes.Select(o => ProviderRegion.Succeeded(o).Id.Key).Order(StringComparer.Ordinal)));
        Assert.Equal(30, region.Cloud.Launched);
    }

    [Fact]
    public async Task VMs_not_listed_yet_are_listed_and_their_names_taken()
    {
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { DescribeLag = TimeSpan.FromMinutes(1) });
        await using var provider = region.Connect();
        var requests = ProviderRegion.Requests(3);
        var made = (await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        Assert.Equal(Ids(made), Ids(await provider.ListAsync(VmQuery.Managed).ToListAsync()));
        Assert.Equal(Ids(made), Ids((await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded)));
        var taken = Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { Name = "atlas-0002" }]).ToListAsync());
        Assert.Equal("VmNameTaken", taken.Error?.ErrorId);

        // Another process of the site knows them by their requests.
        await using var second = region.Connect();
        Assert.Equal(Ids(made), Ids(await second.ListAsync(new VmQuery { RequestIds = [.. requests.Select(r => r.RequestId)] }).ToListAsync()));
        Assert.Equal(Ids(made), Ids((await second.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded)));
        Assert.Equal(3, region.Cloud.Launched);
    }

    [Fact]
    public async Task Page_of_a_listing_that_is_lost_loses_no_VM_and_launches_none_again()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var requests = ProviderRegion.Requests(3);
        var made = (await provider.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostItem, Action = "DescribeInstances", Times = 1 });
        Assert.Equal(Ids(made), Ids(await provider.ListAsync(VmQuery.Managed).ToListAsync()));
        await using var second = region.Connect();
        region.Emulator.Faults.Clear();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostItem, Action = "DescribeInstances", Times = 2 });
        Assert.Equal(Ids(made), Ids((await second.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded)));
        Assert.Equal(3, region.Cloud.Launched);
    }

    [Fact]
    public async Task Throttling_for_a_minute_is_survived()
    {
        var clock = new FastClock(20);
        await using var region = await ProviderRegion.StartAsync(clock: clock);
        await using var provider = region.Connect();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Code = "RequestLimitExceeded", Status = HttpStatusCode.ServiceUnavailable });
        var create = provider.CreateAsync(ProviderRegion.Requests(10)).ToListAsync();
        await Task.Delay(TimeSpan.FromSeconds(65), clock);
        region.Emulator.Faults.Clear();
        Assert.All(await create, outcome => ProviderRegion.Succeeded(outcome));
        Assert.Equal(10, region.Cloud.Launched);
    }

    private static IEnumerable<string> Ids(IEnumerable<VirtualMachine> vms) => vms.Select(vm => vm.Id.Key).Order(StringComparer.Ordinal);
}
