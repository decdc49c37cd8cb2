using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class VmLifeTests
{
    [Fact]
    public async Task Many_are_created_spread_listed_and_removed_and_nothing_is_left()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(2);
        await test.PublishAsync();

        var created = await test.CreateAsync("atlas", 20);

        Assert.All(created, o => Assert.Null(o.Error));
        var vms = await test.ListAsync("atlas-*");
        Assert.Equal(VmNaming.Expand("atlas", 20), vms.Select(v => v.Name));
        Assert.Equal([10, 10], vms.CountBy(v => v.Host).Select(g => g.Value));
        Assert.All(vms, v => Assert.Equal("tester@lab", v.Owner));
        Assert.All(vms, v => Assert.Contains("emptiest of 2", v.PlacementReason, StringComparison.Ordinal));
        Assert.Empty(await test.OpenEntriesAsync());

        var removed = await test.Site.Vms.RemoveAsync([.. vms.Select(v => v.Id)], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();

        Assert.Equal(20, removed.Count);
        Assert.All(removed, o => Assert.Null(o.Error));
        Assert.Empty(await test.ListAsync());
        Assert.Empty(await test.OpenEntriesAsync());
    }

    [Fact]
    public async Task Another_site_sees_the_same_vms()
    {
        await using var first = await TestSite.OpenAsync();
        await first.AddHostsAsync(1);
        await first.PublishAsync();
        await first.CreateAsync("atlas", 3);

        await using var second = await TestSite.OpenAsync(provider: first.Provider);
        await second.AddHostsAsync(1);

        Assert.Equal(["atlas-1", "atlas-2", "atlas-3"], (await second.ListAsync()).Select(v => v.Name));
    }

    [Fact]
    public async Task A_name_that_is_taken_or_invalid_is_refused_and_the_others_go_on()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(2);
        await test.PublishAsync();
        await test.CreateAsync("atlas", 1);

        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = ["ATLAS-1", "free", "free", "<x>", "../../etc", "$(reboot)"] });

        Assert.Equal(["free"], plan.Vms.Select(v => v.Request.Name));
        Assert.Equal(
            ["ATLAS-1:VmNameTaken", "free:VmNameTaken", "<x>:InvalidName", "../../etc:InvalidName", "$(reboot):InvalidName"],
            plan.Refused.Select(r => $"{r.Name}:{r.Error.ErrorId}"));
        Assert.Contains("host 'node", plan.Refused[0].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_ten_thousand_the_twelve_that_fit_are_planned_and_the_rest_share_one_reason()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(2, "cpu=2&memory=6GB");
        await test.PublishAsync();

        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = VmNaming.Expand("mass", 10_000), Size = "small" });

        Assert.Equal(12, plan.Vms.Count);
        Assert.Equal(9_988, plan.Refused.Count);
        var error = Assert.Single(plan.Refused.Select(r => r.Error).Distinct());
        Assert.Equal(("NoCapacity", StratusErrorKind.NoCapacity), (error.ErrorId, error.Kind));
        Assert.StartsWith("9988 of 10000 VMs do not fit.", error.Message, StringComparison.Ordinal);
        Assert.Contains("node1: 0B of 6GB memory free, 1GB needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_creation_that_fails_leaves_the_others_and_the_journal_alone()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(2);
        await test.PublishAsync();
        test.FaultsOf(1).FailCreate = "*";

        var outcomes = await test.CreateAsync("atlas", 6);

        Assert.Equal(3, outcomes.Count(o => o.Succeeded));
        Assert.All(outcomes.Where(o => !o.Succeeded), o => Assert.NotNull(o.RequestId));
        Assert.Empty(await test.OpenEntriesAsync());
        Assert.Equal(3, (await test.ListAsync()).Count);
    }

    [Fact]
    public async Task A_reply_lost_during_creation_is_looked_up()
    {
        // The image is one call, each VM another.
        for (var at = 0; at < 4; at++)
        {
            await using var test = await TestSite.OpenAsync();
            await test.AddHostsAsync(1);
            await test.PublishAsync();
            var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = VmNaming.Expand("atlas", 3), Size = "tiny" });
            test.FaultsOf(1).DropAfter(at);

            var outcomes = await test.Site.Vms.CreateAsync(plan.Vms).ToListAsync();
            var left = await test.Site.RepairAsync().ToListAsync();

            Assert.Equal(3, outcomes.Count);
            Assert.DoesNotContain(left, r => r.Result == RepairResult.Left);
            Assert.Empty(await test.OpenEntriesAsync());
            var running = (await test.ListAsync()).Select(v => v.RequestId).ToHashSet();
            Assert.All(outcomes, o => Assert.Equal(o.Succeeded, running.Contains(o.RequestId)));
        }
    }

    [Fact]
    public async Task Room_taken_between_plan_and_creation_is_not_given_twice()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(1, "cpu=8&memory=4GB");
        await test.PublishAsync();
        var specification = new VmSpecification { Image = "tiny", Names = VmNaming.Expand("one", 3), Size = "small" };
        var first = await test.Site.Vms.PlanAsync(specification);
        var second = await test.Site.Vms.PlanAsync(specification with { Names = VmNaming.Expand("two", 3) });

        Assert.All(await test.Site.Vms.CreateAsync(first.Vms).ToListAsync(), o => Assert.Null(o.Error));
        var outcomes = await test.Site.Vms.CreateAsync(second.Vms).ToListAsync();

        Assert.Equal([true, false, false], outcomes.Select(o => o.Succeeded));
        Assert.Equal("NoCapacity", outcomes[^1].Error!.ErrorId);
        Assert.Equal(4, (await test.ListAsync()).Count);
    }

    [Fact]
    public async Task The_same_plan_carried_out_twice_makes_each_vm_once()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(1);
        await test.PublishAsync();
        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = ["once"] });

        await test.Site.Vms.CreateAsync(plan.Vms).ToListAsync();
        var again = await test.Site.Vms.CreateAsync(plan.Vms).ToListAsync();

        Assert.Equal("VmNameTaken", Assert.Single(again).Error!.ErrorId);
        Assert.Single(await test.ListAsync());
    }

    [Fact]
    public async Task An_unreachable_host_is_left_out_with_the_reason_and_reported_when_listing()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(2);
        await test.PublishAsync();
        test.FaultsOf(1).IsUnreachable = true;

        var created = await test.CreateAsync("atlas", 4);
        var errors = new List<StratusException>();
        var listed = await test.Site.Vms.ListAsync(VmFilter.Managed, errors.Add).ToListAsync();

        Assert.All(created, o => Assert.Equal("node2", o.Vm!.Host));
        Assert.Equal(4, listed.Count);
        Assert.Equal(StratusErrorKind.Connection, Assert.Single(errors).Kind);
        await Assert.ThrowsAsync<HostConnectionException>(async () => await test.Site.Vms.ListAsync(VmFilter.Managed).ToListAsync());
    }

    [Fact]
    public async Task Filters_hold_together()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(2);
        await test.PublishAsync();
        await test.CreateAsync("atlas", 4, s => s with { Labels = new Dictionary<string, string> { ["team"] = "higgs" }, Fleet = "farm" });
        await test.CreateAsync("cms", 2);

        async Task<int> CountAsync(VmFilter filter) => await test.Site.Vms.ListAsync(filter).CountAsync();

        Assert.Equal(4, await CountAsync(new VmFilter { Names = ["ATLAS-?"] }));
        Assert.Equal(6, await CountAsync(new VmFilter { Names = ["atlas-*", "cms-*"] }));
        Assert.Equal(4, await CountAsync(new VmFilter { Labels = new Dictionary<string, string> { ["team"] = "hig*" } }));
        Assert.Equal(0, await CountAsync(new VmFilter { Labels = new Dictionary<string, string> { ["team"] = "other" } }));
        Assert.Equal(4, await CountAsync(new VmFilter { Fleet = "f*" }));
        Assert.Equal(3, await CountAsync(new VmFilter { HostNames = ["node1"] }));
        var error = await Assert.ThrowsAsync<StratusException>(() => CountAsync(new VmFilter { HostNames = ["nodeX"] }));
        Assert.Equal("HostNotFound", error.ErrorId);
    }
}
