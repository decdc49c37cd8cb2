using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>Limits of hosts against what others do between a plan and its carrying out.</summary>
public sealed class LimitTests
{
    private const string Cloud = "sim://cloud?price=0.10&boot=0ms";

    [Fact]
    public async Task Plans_made_at_the_same_time_do_not_pass_a_limit_together()
    {
        await using var test = await OpenAsync(Cloud + "&lag=1h", h => h with { MaxHourlyCost = 1 });
        var plans = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => PlanAsync(test, $"race{i}-", 4)));
        Assert.All(plans, p => Assert.Equal(4, p.Vms.Count));

        var outcomes = (await Task.WhenAll(plans.Select(async p => await test.Site.Vms.CreateAsync(p.Vms).ToListAsync()))).SelectMany(o => o).ToList();

        // What was set aside for each was more than the cheapest machine costs, so that another kind of machine could have been had.
        var made = outcomes.Where(o => o.Succeeded).ToList();
        Assert.InRange(made.Count, 4, 10);
        Assert.All(outcomes.Where(o => !o.Succeeded), o => Assert.Equal("NoCapacity", o.Error!.ErrorId));
        Assert.Contains(outcomes, o => o.Error?.Message.Contains("MaxHourlyCost", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task What_is_done_and_not_listed_yet_counts_until_it_is_removed()
    {
        await using var test = await OpenAsync(Cloud + "&lag=1h", h => h with { MaxVm = 3 });
        var made = await CreateAsync(test, "first", 3);
        Assert.Empty(await test.ListAsync());
        Assert.Contains("3 of at most 3 VMs (MaxVM)", Assert.Single((await PlanAsync(test, "second", 1)).Refused).Error.Message, StringComparison.Ordinal);
        Assert.Equal("VmNameTaken", Assert.Single((await PlanAsync(test, "first-1", null)).Refused).Error.ErrorId);

        await test.Site.Vms.RemoveAsync([made[0]], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
        Assert.Single((await PlanAsync(test, "third-", 2)).Vms);
    }

    [Fact]
    public async Task What_was_made_and_removed_since_the_plan_does_not_count()
    {
        await using var test = await OpenAsync(Cloud + "&lag=1h", h => h with { MaxVm = 2 });
        var plan = await PlanAsync(test, "late", 2);
        var between = await CreateAsync(test, "between", 2);
        var refused = await test.Site.Vms.CreateAsync(plan.Vms).ToListAsync();
        Assert.All(refused, o => Assert.Contains("2 of at most 2 VMs (MaxVM)", o.Error!.Message, StringComparison.Ordinal));
        await test.Site.Vms.RemoveAsync(between, new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
        Assert.All(await test.Site.Vms.CreateAsync(plan.Vms).ToListAsync(), o => Assert.True(o.Succeeded, o.Error?.Message));
    }

    [Fact]
    public async Task A_limit_that_was_lowered_since_the_plan_holds()
    {
        await using var test = await OpenAsync("sim://own", h => h);
        var plan = await PlanAsync(test, "late", 5);
        await test.Site.Hosts.SetAsync("cloud", new HostChange { MaxVm = 2 });
        Assert.Equal(2, (await test.Site.Vms.CreateAsync(plan.Vms).ToListAsync()).Count(o => o.Succeeded));
        Assert.Null((await test.Site.Hosts.SetAsync("cloud", new HostChange { MaxVm = -1 })).MaxVm);
    }

    [Fact]
    public async Task Stopped_VMs_count_at_their_full_price()
    {
        await using var test = await OpenAsync(Cloud, h => h with { MaxHourlyCost = 0.30m });
        var made = await CreateAsync(test, "idle", 3, s => s with { MachineType = "s1.small" });
        await test.Site.Vms.StopAsync(made, new StopOptions { Force = true, Timeout = TimeSpan.Zero }).ToListAsync();
        Assert.Contains("$0.30 of at most $0.30 an hour", Assert.Single((await PlanAsync(test, "more", null)).Refused).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_ended_process_left_counts_once_it_was_carried_through()
    {
        await using var test = await OpenAsync(Cloud + "&lag=1h", h => h with { MaxVm = 1 });
        var first = await PlanAsync(test, "left", null);
        var provider = await test.Site.Hosts.ConnectAsync("cloud");
        var request = first.Vms[0].Request;

        // As a process leaves it that ends after the launch: the intent open and nobody's, the VM there and not listed.
        var entry = Assert.Single(await test.Site.Journal.OpenAsync([JournalIntent.Create("cloud", request)], CancellationToken.None));
        var image = await test.Site.Images.GetAsync("tiny");
        await ((IImageHost)provider).EnsureImageAsync(test.Site.Images.Open(image.ToDescriptor()));
        Assert.All(await provider.CreateAsync([request]).ToListAsync(), o => Assert.True(o.Succeeded, o.Error?.Message));
        await test.Site.Journal.ReleaseAsync([entry.Id], "gone");

        var second = await PlanAsync(test, "next", null);
        var outcome = Assert.Single(await test.Site.Vms.CreateAsync(second.Vms).ToListAsync());
        Assert.Contains("MaxVM", outcome.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_says_type_price_and_how_many_go_where()
    {
        await using var test = await OpenAsync(Cloud + "&spot=0.3", h => h);
        await test.Site.Hosts.AddAsync(new HostDefinition { Name = "kvm1", Uri = "sim://kvm1?cpu=1&memory=1GB" });
        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = VmNaming.Expand("v", 5), Cpu = 1, Memory = ByteSize.FromMiB(512), AllowCloud = true });
        Assert.Equal("2 of 5 go to kvm1 (2), 3 to cloud at $0.10 an hour each; $0.30 an hour in all", plan.Summary);
        Assert.Equal(0.30m, plan.HourlyPrice);
        Assert.Equal(("cloud", "s1.small", VmMarket.OnDemand, 0.10m), (plan.Vms[2].Host, plan.Vms[2].MachineType, plan.Vms[2].Market, plan.Vms[2].HourlyPrice));
        Assert.Equal(3.2m, plan.Vms[2].Request.MaxHourlyPrice);
        Assert.Null(plan.Vms[0].HourlyPrice);

        var spot = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = ["s"], Market = VmMarket.Spot, HostNames = ["cloud"] });
        Assert.Equal((VmMarket.Spot, 0.03m), (spot.Vms[0].Market, spot.Vms[0].HourlyPrice));

        var error = (await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = VmNaming.Expand("w", 3), Cpu = 1, Memory = ByteSize.FromMiB(512) })).Refused[0].Error;
        Assert.StartsWith("1 of 3 VMs do not fit. 2 of 3 go to kvm1 (2). ", error.Message, StringComparison.Ordinal);
        Assert.Contains("cloud: costs money: AllowCloud, or naming the host exactly, would make it possible, at $0.10 an hour for each VM (s1.small)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_VM_that_its_host_does_not_list_yet_is_waited_for()
    {
        await using var test = await OpenAsync(Cloud + "&lag=300ms", h => h);
        var made = await CreateAsync(test, "slow", 2);
        Assert.All(await test.Site.Vms.WaitAsync(made, VmCondition.Running, TimeSpan.FromSeconds(60)).ToListAsync(), o => Assert.True(o.Succeeded, o.Error?.Message));
    }

    public static TheoryData<string, Func<VmSpecification, VmSpecification>> Wrong => new()
    {
        { "Placement", s => s with { Placement = (PlacementPolicy)9 } },
        { "HostNames", s => s with { Placement = PlacementPolicy.HostOnly } },
        { "HostNames", s => s with { Placement = PlacementPolicy.HostOnly, HostNames = ["clou*"] } },
        { "HostNames", s => s with { Placement = PlacementPolicy.HostOnly, HostNames = ["cloud", "other"] } },
        { "Market", s => s with { Market = (VmMarket)7 } },
        { "FallBackToOnDemand", s => s with { FallBackToOnDemand = true } },
        { "MachineType", s => s with { MachineType = "a b" } },
        { "Gpu", s => s with { Gpu = -1 } },
        { "MaxHourlyPrice", s => s with { MaxHourlyPrice = 0 } },
        { "OpenPorts", s => s with { OpenPorts = [22, 65536] } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task What_is_wrong_names_its_field(string field, Func<VmSpecification, VmSpecification> change)
    {
        await using var test = await TestSite.OpenAsync();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => test.Site.Vms.PlanAsync(change(new VmSpecification { Image = "tiny", Names = ["x"] })));
        Assert.Equal(field, error.Field);
    }

    [Theory]
    [InlineData("MaxVm", -1, null, null)]
    [InlineData("MaxVCpu", null, -5, null)]
    [InlineData("MaxHourlyCost", null, null, -0.5)]
    public async Task A_limit_below_zero_is_refused(string field, int? vms, int? cpus, double? cost)
    {
        await using var test = await TestSite.OpenAsync();
        var host = new HostDefinition { Name = "cloud", Uri = Cloud, MaxVm = vms, MaxVCpu = cpus, MaxHourlyCost = (decimal?)cost };
        Assert.Equal(field, (await Assert.ThrowsAsync<InvalidInputException>(() => test.Site.Hosts.AddAsync(host))).Field);
    }

    private static async Task<TestSite> OpenAsync(string uri, Func<HostDefinition, HostDefinition> limit)
    {
        var test = await TestSite.OpenAsync();
        await test.Site.Hosts.AddAsync(limit(new HostDefinition { Name = "cloud", Uri = uri }));
        await test.PublishAsync();
        return test;
    }

    private static Task<VmPlan> PlanAsync(TestSite test, string name, int? count) =>
        test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = VmNaming.Expand(name, count), Size = "tiny", HostNames = ["cloud"] });

    private static async Task<List<VmId>> CreateAsync(TestSite test, string name, int count, Func<VmSpecification, VmSpecification>? change = null)
    {
        var outcomes = await test.CreateAsync(name, count, s => (change ?? (x => x))(s with { HostNames = ["cloud"] }));
        Assert.All(outcomes, o => Assert.True(o.Succeeded, o.Error?.Message));
        return outcomes.ConvertAll(o => o.Id!.Value);
    }
}
