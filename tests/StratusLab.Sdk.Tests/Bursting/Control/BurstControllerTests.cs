using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>A controller at work, without faults or with one.</summary>
public sealed class BurstControllerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Jobs_that_would_wait_run_on_burst_nodes_which_then_go(bool asks)
    {
        await using var world = await BurstWorld.OpenAsync(asks: asks);
        world.Queue.Submit("1", 4, Minutes(60), Minutes(40));
        world.Queue.Submit("2", 2, Minutes(30), Minutes(20));
        world.Queue.Submit("3", 1, Minutes(30), Minutes(20));
        await world.UntilAsync(() => world.Queue.Jobs.Count == 0);

        Assert.Equal(3, world.Queue.Ended);
        Assert.Equal(2, world.Queue.EndedOnBurst);
        Assert.Equal(3, world.Cloud.Launched);
        await world.UntilAsync(() => world.Cloud.Living.Count == 0, Minutes(10));
        await world.TickAsync();
        var status = await world.StatusAsync();
        Assert.Equal(0, status.NodeCount);
        Assert.Equal(0, status.ReservedToday);

        // The ledger counts from the intent to the removal, as the cloud does.
        var paid = world.Cloud.CostOf(world.Faults.Day);
        Assert.InRange(status.SpentToday, paid - 0.0001m, paid * 1.01m);
    }

    [Fact]
    public async Task What_was_decided_is_there_to_be_read_with_its_reason()
    {
        await using var world = await BurstWorld.OpenAsync(budget: 2, price: 1);
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 1, Minutes(30), Minutes(20));
        world.Queue.Submit("3", 4, Minutes(600), Minutes(20), "batch", "burst");
        await world.TickAsync();
        await world.TickAsync();
        var plan = await world.Site.Bursts.ListPlanAsync("peak").ToDictionaryAsync(e => e.JobId ?? e.Node!);
        Assert.Equal(BurstDecisionKind.AllowOnBurst, plan["2"].Decision);
        Assert.NotEmpty(plan["3"].Reason);
        Assert.NotEqual(BurstDecisionKind.AllowOnBurst, plan["3"].Decision);

        // Nobody let it on, whoever sent it there.
        Assert.Equal(["batch"], world.Queue.Jobs.Single(j => j.Id == "3").Partitions);
    }

    [Fact]
    public async Task Advice_touches_nothing()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Definition = world.Definition with { Policy = world.Definition.Policy with { Mode = BurstMode.Advise } };
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 1, Minutes(30), Minutes(20));
        await world.RunAsync(Minutes(5));
        Assert.Equal(0, world.Cloud.Launched);
        Assert.All(world.Queue.Jobs, j => Assert.Equal(["batch"], j.Partitions));
        Assert.Contains(await world.Site.Bursts.ListPlanAsync("peak").ToListAsync(), e => e is { JobId: "2", Decision: BurstDecisionKind.AllowOnBurst });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_that_is_cancelled_while_its_nodes_boot_leaves_none_of_them(bool asks)
    {
        await using var world = await BurstWorld.OpenAsync(asks: asks);
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 3, Minutes(30), Minutes(20));
        await world.UntilAsync(() => world.Cloud.Living.Count == 3);
        world.Queue.Cancel("2");
        await world.UntilAsync(() => world.Cloud.Living.Count == 0, Minutes(15));
        await world.RunAsync(Minutes(1));
        var status = await world.StatusAsync();
        Assert.Equal((0, 0m), (status.NodeCount, status.ReservedToday));
    }

    [Fact]
    public async Task Nodes_that_are_asked_for_while_the_queue_is_read_are_launched_all_the_same()
    {
        await using var world = await BurstWorld.OpenAsync(asks: true);
        world.Queue.NumbersTasks = true;
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2_7", 2, Minutes(30), Minutes(20));
        await world.UntilAsync(() => world.Queue.Jobs[^1].Partitions.Contains("burst"));
        world.Queue.AfterRead = world.Queue.Step;
        var tick = await world.Controller!.TickAsync();
        world.Queue.AfterRead = null;
        Assert.Empty(tick.Problems);
        Assert.Equal(2, world.Queue.Jobs[^1].Nodes.Count);
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 1);
        Assert.Equal(2, world.Cloud.Launched);
    }

    [Fact]
    public async Task Nodes_of_a_cancelled_job_are_used_by_the_next()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 2, Minutes(30), Minutes(20));
        await world.UntilAsync(() => world.Cloud.Living.Count == 2);
        world.Queue.Cancel("2");
        world.Queue.Submit("3", 2, Minutes(30), Minutes(20));
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 1);
        Assert.Equal(2, world.Cloud.Launched);
    }

    [Fact]
    public async Task While_the_batch_system_is_down_nothing_is_decided_and_nodes_are_kept()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 2, Minutes(120), Minutes(100));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        world.Queue.IsDown = true;
        await world.RunAsync(Minutes(30));
        Assert.Equal(2, world.Cloud.Living.Count);
        Assert.Contains(world.Ticks[^1].Problems, p => p.Contains("batch system", StringComparison.Ordinal));
        Assert.Contains("batch system", (await world.StatusAsync()).Problem, StringComparison.Ordinal);
        world.Queue.IsDown = false;
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 1);
        Assert.Equal(2, world.Cloud.Launched);
    }

    [Fact]
    public async Task A_forced_stop_removes_all_at_once_and_sends_jobs_back()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 2, Minutes(120), Minutes(100));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        await world.StopAsync(force: true);
        await world.UntilAsync(() => world.Ticks[^1].State is BurstRunState.Stopped, Minutes(5));
        Assert.Empty(world.Cloud.Living);
        Assert.Equal(["batch"], world.Queue.Jobs.Single(j => j.Id == "2").Partitions);
    }

    [Fact]
    public async Task A_drain_lets_jobs_end_and_no_more_on()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 2, Minutes(120), Minutes(30));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        await world.StopAsync(force: false);
        world.Queue.Submit("3", 2, Minutes(120), Minutes(30));
        await world.UntilAsync(() => world.Ticks[^1].State is BurstRunState.Stopped, Minutes(60));
        Assert.Equal((1, 2), (world.Queue.EndedOnBurst, world.Cloud.Launched));
        Assert.Empty(world.Cloud.Living);
    }

    [Fact]
    public async Task A_drain_goes_on_when_its_controller_ended_and_the_burst_is_started_again()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 2, Minutes(120), Minutes(30));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        await world.StopAsync(force: false);
        await world.BuryAsync();
        world.Queue.Submit("3", 2, Minutes(120), Minutes(30));
        await world.UntilAsync(() => world.Ticks[^1].State is BurstRunState.Stopped, Minutes(60));
        Assert.Equal((1, 2), (world.Queue.EndedOnBurst, world.Cloud.Launched));
        Assert.Empty(world.Cloud.Living);

        // Once it has stopped, a start is one.
        await world.ForgetAsync();
        await using var controller = await world.Site.Bursts.StartAsync(world.OptionsFor(world.Process));
        Assert.Equal(BurstRunState.Running, (await controller.TickAsync()).State);
    }

    [Fact]
    public async Task A_budget_lowered_below_what_is_spent_lets_nothing_on_and_drains()
    {
        await using var world = await BurstWorld.OpenAsync(budget: 50, price: 1);
        world.Queue.Submit("1", 4, Minutes(900), Minutes(800));
        world.Queue.Submit("2", 2, Minutes(60), Minutes(40));
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 1);
        await world.Site.Bursts.SetBudgetAsync("peak", 0.5m);
        world.Queue.Submit("3", 2, Minutes(30), Minutes(20));
        await world.RunAsync(Minutes(2));
        Assert.Empty(world.Cloud.Living);
        await world.RunAsync(Minutes(30));
        Assert.Equal(2, world.Cloud.Launched);
        Assert.Contains(await world.Site.Bursts.ListPlanAsync("peak").ToListAsync(), e => e is { JobId: "3", ReasonCode: BurstReason.BudgetSpent });
    }

    [Fact]
    public async Task A_bootstrap_that_always_fails_is_not_tried_for_ever()
    {
        await using var world = await BurstWorld.OpenAsync(nodeCount: 8);
        world.Definition = world.Definition with { Policy = world.Definition.Policy with { Tick = TimeSpan.FromSeconds(60) } };
        world.Faults.Chances[BurstFault.NeverBoots] = 1;
        world.Queue.Submit("1", 4, Minutes(3_000), Minutes(2_900));
        for (var i = 2; i < 8; i++) world.Queue.Submit($"{i}", 1, Minutes(60), Minutes(40));
        await world.RunAsync(Minutes(180));

        // Six at first, then one at a time, and no name more than three times.
        Assert.InRange(world.Cloud.Launched, 7, 6 + 18);
        Assert.True(world.Cloud.Living.Count <= 1);

        world.Faults.Chances.Clear();
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 6, Minutes(600));
    }

    [Fact]
    public async Task A_refused_permission_is_never_tried_again_until_somebody_has_mended_it()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Cloud.Refusal = new HostRefusedException("UnauthorizedOperation", StratusErrorKind.PermissionDenied, "You are not authorized (simulated).", "x");
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 1, Minutes(60), Minutes(40));
        await world.RunAsync(Minutes(60));
        Assert.Equal(1, world.Cloud.Refused);
        Assert.Contains("not authorized", (await world.StatusAsync()).Problem, StringComparison.Ordinal);

        world.Cloud.Refusal = null;
        await world.Controller!.DisposeAsync();
        Assert.Empty(await world.Site.Bursts.RepairAsync("peak"));
        await world.ForgetAsync();
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 1);
    }

    [Fact]
    public async Task A_VM_with_the_bursts_marks_that_nobody_knows_is_removed_after_its_grace()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 1, Minutes(300), Minutes(200));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        var twin = world.Cloud.Living.Single().Request with { RequestId = Guid.NewGuid(), CreatedAt = world.Faults.Now };
        world.Cloud.Create(twin);
        await world.RunAsync(TimeSpan.FromSeconds(80));
        Assert.Equal(2, world.Cloud.Living.Count);
        await world.RunAsync(Minutes(3));
        Assert.NotEqual(twin.RequestId, world.Cloud.Living.Single().Request.RequestId);
        Assert.Contains(await world.Site.Bursts.ListTransitionsAsync("peak").ToListAsync(), t => t is { To: BurstNodeState.Terminating, Cause: BurstNodeCause.Reaped });
        Assert.InRange((await world.StatusAsync()).SpentToday, world.Cloud.CostOf(world.Faults.Day) * 0.999m, world.Cloud.CostOf(world.Faults.Day) * 1.1m);
    }

    [Fact]
    public async Task A_VM_that_nobody_knows_takes_the_place_of_a_node_that_has_none()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 1, Minutes(60), Minutes(40));
        await world.UntilAsync(() => world.Cloud.Living.Count == 1);
        var stray = world.Cloud.Living.Single().Request with { RequestId = Guid.NewGuid(), CreatedAt = world.Faults.Now, Name = "burst-005" };
        world.Cloud.Create(stray);
        await world.RunAsync(Minutes(4));
        Assert.Contains(await world.NodesAsync(), n => n is { Name: "burst-005", RegisteredAt: not null });
        Assert.InRange((await world.StatusAsync()).SpentToday, world.Cloud.CostOf(world.Faults.Day) * 0.999m, world.Cloud.CostOf(world.Faults.Day) * 1.1m);
        await world.UntilAsync(() => world.Cloud.Living.Count == 0 && world.Queue.EndedOnBurst == 1);
    }

    [Fact]
    public async Task A_machine_that_goes_off_by_itself_is_cleaned_up_and_its_job_runs_again()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 1, Minutes(60), Minutes(40));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        world.Cloud.Living.Single().IsOff = true;
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 1);
        Assert.Equal(2, world.Cloud.Launched);
        await world.UntilAsync(() => world.Cloud.Living.Count == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_spot_market_has_no_machine_nodes_are_bought_on_demand_within_two_minutes(bool hasNoSpot)
    {
        await using var world = await BurstWorld.OpenAsync(price: 1);
        (world.Cloud.HasMarkets, world.Cloud.HasNoSpot) = (true, hasNoSpot);
        world.Definition = world.Definition with { Classes = [world.Definition.Classes[0] with { Markets = [VmMarket.Spot, VmMarket.OnDemand] }] };
        world.Queue.Submit("1", 4, Minutes(600), Minutes(500));
        world.Queue.Submit("2", 2, Minutes(60), Minutes(40));
        await world.UntilAsync(() => world.Cloud.Living.Count == 2, TimeSpan.FromSeconds(150));
        Assert.All(world.Cloud.Living, m => Assert.Equal(hasNoSpot ? VmMarket.OnDemand : VmMarket.Spot, m.Request.Market));
        Assert.All(world.Cloud.Living, m => Assert.Equal(hasNoSpot ? 1m : 0.5m, m.Request.MaxHourlyPrice));
        var history = await world.Site.Bursts.ListTransitionsAsync("peak").Select(t => t.Cause).Distinct().ToListAsync();
        Assert.Equal(hasNoSpot, history.Contains(BurstNodeCause.NoCapacity) && history.Contains(BurstNodeCause.Retry));
    }

    [Fact]
    public async Task With_EnforceHard_jobs_are_ended_once_the_budget_is_spent()
    {
        await using var world = await BurstWorld.OpenAsync(budget: 50, price: 1);
        world.Definition = world.Definition with { Policy = world.Definition.Policy with { EnforceHard = true } };
        world.Queue.Submit("1", 4, Minutes(900), Minutes(800));
        world.Queue.Submit("2", 2, Minutes(300), Minutes(200));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        await world.RunAsync(Minutes(30));
        await world.Site.Bursts.SetBudgetAsync("peak", 0.5m);
        await world.RunAsync(Minutes(1));
        Assert.Empty(world.Cloud.Living);
        Assert.Empty(world.Queue.Jobs.Single(j => j.Id == "2").Nodes);
    }

    [Fact]
    public async Task Machine_that_turns_out_to_be_cheaper_than_reserved_has_cost_that_from_its_launch()
    {
        await using var world = await BurstWorld.OpenAsync(budget: 10, price: 1);
        world.Cloud.HasMarkets = true;
        world.Queue.Submit("1", 4, Minutes(120), Minutes(60));
        world.Queue.Submit("2", 1, Minutes(60), Minutes(10));
        await world.UntilAsync(() => world.Cloud.Launched == 1);

        // It is some time until it is seen.
        world.Faults.Now += Minutes(4);
        world.Cloud.PriceNow = 0.4m;
        await world.UntilAsync(() => world.Cloud.Living.Count == 0);
        await world.TickAsync();
        var node = Assert.Single(await world.Site.Bursts.ListNodesAsync("peak", withHistory: true).ToListAsync());
        Assert.Equal(0.4m, node.PricePerHour);
        Assert.Equal(decimal.Round(0.4m * (decimal)(node.EndedAt!.Value - node.LaunchedAt!.Value).TotalHours, 4), (await world.StatusAsync()).SpentToday);
    }

    [Fact]
    public async Task A_price_that_doubles_counts_from_then_on_and_what_is_reserved_grows()
    {
        await using var world = await BurstWorld.OpenAsync(budget: 50, price: 1);
        (world.Cloud.HasMarkets, world.Cloud.PriceNow) = (true, 1);
        world.Queue.Submit("1", 4, Minutes(900), Minutes(800));
        world.Queue.Submit("2", 2, Minutes(300), Minutes(200));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        var before = await world.StatusAsync();
        world.Cloud.PriceNow = 2;
        await world.RunAsync(Minutes(60));
        var after = await world.StatusAsync();
        Assert.All(await world.NodesAsync(), n => Assert.Equal(2, n.PricePerHour));

        // Two nodes for an hour at the new price; the look that notices comes within a minute.
        Assert.InRange(after.SpentToday - before.SpentToday, 3.9m, 4.05m);
        Assert.InRange(after.SpentToday + after.ReservedToday, (before.SpentToday + before.ReservedToday) * 1.8m, (before.SpentToday + before.ReservedToday) * 2);
    }

    [Fact]
    public async Task A_node_that_the_host_takes_away_is_drained_and_removed_and_its_job_runs_again()
    {
        await using var world = await BurstWorld.OpenAsync(asks: true);
        world.Queue.Submit("1", 4, Minutes(900), Minutes(800));
        world.Queue.Submit("2", 1, Minutes(60), Minutes(40));
        await world.UntilAsync(() => world.Queue.Jobs.Any(j => j is { Id: "2", StartedAt: not null }));
        var machine = world.Cloud.Living.Single();
        world.Queue.Interrupt(machine.Request.Name);
        await world.UntilAsync(() => machine.RemovedAt is not null, Minutes(4));
        Assert.Contains(await world.Site.Bursts.ListTransitionsAsync("peak").ToListAsync(), t => t is { To: BurstNodeState.SpotNotice, Cause: BurstNodeCause.Interrupted });
        await world.UntilAsync(() => world.Queue.EndedOnBurst == 1);
        Assert.Equal(2, world.Cloud.Launched);
    }

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
