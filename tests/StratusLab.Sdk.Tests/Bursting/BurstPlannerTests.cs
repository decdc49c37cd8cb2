using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class BurstPlannerTests
{
    private static readonly BurstPolicy Eager = BurstPolicy.Immediate;

    [Fact]
    public void Waits_are_predicted_as_backfill_would_have_them()
    {
        // n1 is busy for 1 h and n2 for 2 h: two nodes are free in 2 h; one hour fits onto n1 before, three hours do not.
        BatchJob[] jobs = [Queue.Runs("r1", 1, "n1"), Queue.Runs("r2", 2, "n2"), Queue.Waits("wide", 2, 1, 30), Queue.Waits("short", 1, 1, 20), Queue.Waits("long", 1, 3, 10)];
        var decisions = Queue.Decide(BurstPolicy.Threshold, Queue.Nodes(2), Queue.State(), jobs);
        Assert.Equal(TimeSpan.FromHours(2), decisions.Of("wide").PredictedWait);
        Assert.Equal(TimeSpan.FromHours(1), decisions.Of("short").PredictedWait);
        Assert.Equal(TimeSpan.FromHours(3), decisions.Of("long").PredictedWait);
        Assert.All(decisions, d => Assert.Equal(BurstReason.WaitIsShort, d.ReasonCode));
    }

    [Fact]
    public void Job_that_waits_too_long_bursts_with_all_its_nodes()
    {
        var decisions = Queue.Decide(Eager, Queue.Nodes(2), Queue.State().WithBudget(100), Queue.Runs("r", 1, "n1", "n2"), Queue.Waits("j", 2, 1));
        var allow = decisions[0];
        Assert.Equal((BurstDecisionKind.AllowOnBurst, BurstReason.WaitIsLong, "j", 2), (allow.Kind, allow.ReasonCode, allow.JobId, allow.NodeCount));
        Assert.Equal((BurstDecisionKind.Launch, "j", 2, "c"), (decisions[1].Kind, decisions[1].JobId, decisions[1].NodeCount, decisions[1].NodeClass));

        // Two nodes for 10 min of boot, 1 h, and 10 min of hold, at 1 an hour.
        Assert.Equal(2 * 80 / 60m, allow.EstimatedCost, 6);
        Assert.Equal(Queue.Now.AddMinutes(80), allow.CommittedUntil);
        Assert.Contains("60 min", allow.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_is_weighed_against_the_node_hours_that_a_job_may_cost()
    {
        // Half an hour to wait. A job of one node-hour bears 10 min; one of 92 node-hours bears 69 min.
        BatchJob[] jobs = [Queue.Runs("r", 0.5, "n1", "n2", "n3", "n4"), Queue.Waits("cheap", 1, 1, 10), Queue.Waits("dear", 4, 23, 5)];
        var decisions = Queue.Decide(BurstPolicy.PredictedWait with { MaxNodes = 1000 }, Queue.Nodes(4), Queue.State(), jobs);
        Assert.Equal(BurstDecisionKind.AllowOnBurst, decisions.Of("cheap").Kind);
        Assert.Equal((BurstDecisionKind.Deny, BurstReason.WaitIsShort), (decisions.Of("dear").Kind, decisions.Of("dear").ReasonCode));
    }

    [Theory]
    [InlineData(3, 1, BurstReason.LargerThanCentre)]
    [InlineData(2, 1, BurstReason.LargerThanMaxNodes)]
    [InlineData(1, 30, BurstReason.LongerThanMaxLifetime)]
    public void Job_that_can_never_burst_is_refused_with_its_reason(int nodes, double hours, BurstReason reason)
    {
        var decision = Queue.Decide(Eager with { MaxNodes = 1 }, Queue.Nodes(2), Queue.State(), Queue.Runs("r", 5, "n1", "n2"), Queue.Waits("j", nodes, hours)).Of("j");
        Assert.Equal((BurstDecisionKind.Refuse, reason), (decision.Kind, decision.ReasonCode));
        Assert.EndsWith(".", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_or_nothing_where_nodes_are_short()
    {
        var state = Queue.State() with { Nodes = [Queue.Idle("b1") with { JobId = "other", Phase = BurstNodePhase.Active }] };
        var decisions = Queue.Decide(Eager with { MaxNodes = 3 }, Queue.Nodes(3), state, Queue.Runs("r", 5, "n1", "n2", "n3"), Queue.Waits("three", 3, 1, 10), Queue.Waits("two", 2, 1, 5));
        Assert.Equal(BurstReason.MaxNodesReached, decisions.Of("three").ReasonCode);
        Assert.Contains("only 2 more", decisions.Of("three").Reason, StringComparison.Ordinal);
        Assert.Equal(2, decisions.Single(d => d.Kind == BurstDecisionKind.Launch).NodeCount);
    }

    [Fact]
    public void Warm_nodes_are_used_first_and_pass_the_guard_too()
    {
        BatchJob[] jobs = [Queue.Runs("r", 5, "n1"), Queue.Waits("j")];
        var state = Queue.State() with { Nodes = [Queue.Idle("b1", 30)] };
        var allow = Queue.Decide(Eager, Queue.Nodes(1), state.WithBudget(100), jobs).Of("j");
        Assert.Equal(["b1"], allow.WarmNodes);

        // An hour and 10 min of hold, less the 90 s that are reserved already; no boot.
        Assert.Equal((4200 - 90) / 3600m, allow.EstimatedCost, 6);

        var denied = Queue.Decide(Eager, Queue.Nodes(1), state.WithBudget(5, spent: 4), jobs).Of("j");
        Assert.Equal((BurstDecisionKind.Deny, BurstReason.BudgetReserved), (denied.Kind, denied.ReasonCode));
    }

    [Fact]
    public void Budget_is_reserved_for_the_worst_case_and_never_twice()
    {
        // Each may cost 80 min of a node: four of them fit into 5.5.
        var jobs = Enumerable.Range(1, 6).Select(i => Queue.Waits($"j{i}", waitedSeconds: 100 - i)).Prepend(Queue.Runs("r", 5, "n1"));
        var decisions = Queue.Decide(Eager, Queue.Nodes(1), Queue.State().WithBudget(5.5m), jobs);
        Assert.Equal(["j1", "j2", "j3", "j4"], decisions.Where(d => d.Kind == BurstDecisionKind.AllowOnBurst).Select(d => d.JobId));
        Assert.Equal(BurstReason.BudgetReserved, decisions.Of("j5").ReasonCode);
    }

    [Fact]
    public void Cost_after_midnight_is_reserved_of_the_next_day()
    {
        // From 12:00 on, 20 h of the job and 20 min of boot and hold: 12 h of today and 8.33 h of tomorrow.
        var budget = BurstBudget.At(13, Queue.Now, 0, [Queue.Idle("b0", price: 5m / 24) with { JobId = "x", Phase = BurstNodePhase.Active, LaunchedAt = Queue.Now, CommittedUntil = Queue.Now.AddHours(36) }], []);
        Assert.Equal(2, budget.Reserved.Count);
        Assert.Equal(2.5m, budget.Reserved[0], 6);
        Assert.Equal(5m, budget.Reserved[1], 6);
        var decision = Queue.Decide(Eager with { MaxJobBudgetShare = 1 }, Queue.Nodes(1), Queue.State() with { Budget = budget with { DailyCap = 25, Reserved = [0, 17] } }, Queue.Runs("r", 5, "n1"), Queue.Waits("j", 1, 20)).Of("j");
        Assert.Equal(BurstReason.BudgetReserved, decision.ReasonCode);
        Assert.Contains("8.00 of 25.00", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_warning_only_priority_and_small_jobs_are_let_on_and_at_the_cap_none()
    {
        BatchJob[] jobs = [Queue.Runs("r", 5, "n1"), Queue.Waits("urgent", 1, 5) with { Priority = 9 }, Queue.Waits("usual", 1, 5, 10), Queue.Waits("small", 1, 0.1, 5)];
        var state = Queue.State() with { Nodes = [Queue.Idle("b1", nodeClass: "other")] };
        var policy = Eager with { PriorityFrom = 9 };
        var warned = Queue.Decide(policy, Queue.Nodes(1), state.WithBudget(100, spent: 85), jobs);
        Assert.Equal((BurstDecisionKind.Warn, BurstReason.BudgetWarning), (warned[0].Kind, warned[0].ReasonCode));
        Assert.Equal(BurstDecisionKind.AllowOnBurst, warned.Of("urgent").Kind);
        Assert.Equal(BurstDecisionKind.AllowOnBurst, warned.Of("small").Kind);
        Assert.Equal(BurstReason.BudgetWarning, warned.Of("usual").ReasonCode);

        var spent = Queue.Decide(policy, Queue.Nodes(1), state.WithBudget(100, spent: 100), jobs);
        Assert.All(jobs.Skip(1), j => Assert.Equal(BurstReason.BudgetSpent, spent.Of(j.Id).ReasonCode));
        Assert.Equal(BurstDecisionKind.Drain, spent.Single(d => d.Node == "b1").Kind);
    }

    [Fact]
    public void One_job_may_not_cost_more_than_its_share()
    {
        var decision = Queue.Decide(Eager with { MaxJobBudgetShare = 0.1 }, Queue.Nodes(1), Queue.State().WithBudget(10), Queue.Runs("r", 5, "n1"), Queue.Waits("j")).Of("j");
        Assert.Equal((BurstDecisionKind.Refuse, BurstReason.OverJobShare), (decision.Kind, decision.ReasonCode));
    }

    [Fact]
    public void Cheapest_class_that_fits_is_taken_and_closed_markets_are_passed_over()
    {
        var offers = new[]
        {
            Queue.Offer("small", 0.1m, cpu: 2), Queue.Offer("right", 0.9m), Queue.Offer("right", 0.3m, market: VmMarket.Spot),
            Queue.Offer("gpu", 4) with { Gpu = 1, Features = ["a100"] },
        };
        BatchJob[] jobs = [Queue.Runs("r", 5, "n1"), Queue.Waits("plain") with { CpuPerNode = 4 }, Queue.Waits("gpu", waitedSeconds: 9) with { GpuPerNode = 1, Features = ["a100"] }, Queue.Waits("none", waitedSeconds: 9) with { Features = ["h100"] }];
        var decisions = Queue.Decide(Eager, Queue.Nodes(1), Queue.State(offers), jobs);
        Assert.Equal(("right", VmMarket.Spot), (decisions.Of("plain").NodeClass, decisions.Of("plain").Market));
        Assert.Equal(("gpu", BurstReason.NeverLocal, (TimeSpan?)null), (decisions.Of("gpu").NodeClass, decisions.Of("gpu").ReasonCode, decisions.Of("gpu").PredictedWait));
        Assert.Equal((BurstDecisionKind.Refuse, BurstReason.NoFittingClass), (decisions.Of("none").Kind, decisions.Of("none").ReasonCode));

        offers[2] = offers[2] with { ClosedUntil = Queue.Now.AddMinutes(3) };
        Assert.Equal(VmMarket.OnDemand, Queue.Decide(Eager, Queue.Nodes(1), Queue.State(offers), jobs).Of("plain").Market);
        offers[1] = offers[1] with { ClosedUntil = Queue.Now.AddMinutes(3) };
        offers[3] = offers[3] with { ClosedUntil = Queue.Now.AddMinutes(3) };
        Assert.Equal(BurstReason.OffersClosed, Queue.Decide(Eager, Queue.Nodes(1), Queue.State(offers), jobs).Of("plain").ReasonCode);
    }

    [Fact]
    public void Idle_nodes_are_held_and_then_drained()
    {
        var state = Queue.State() with { Nodes = [Queue.Idle("young", 100), Queue.Idle("due", 120), Queue.Idle("old", 1) with { LaunchedAt = Queue.Now.AddHours(-24) }] };
        var planner = new BurstPlanner(BurstPolicy.PredictedWait, Queue.Nodes(1));
        var decisions = planner.Decide(Queue.Now, state);
        Assert.Equal(
            [("due", BurstReason.IdleHoldOver), ("old", BurstReason.MaxLifetimeReached), ("young", BurstReason.WithinIdleHold)],
            decisions.Select(d => (d.Node!, d.ReasonCode)).Order());
        Assert.Equal(Queue.Now.AddSeconds(20), planner.NextChange);
    }

    [Fact]
    public void Jobs_share_local_nodes_by_their_cpus_and_memory()
    {
        // Three CPUs and 12 GiB are taken of n1 for an hour: one CPU fits at once, unless it needs 5 GiB.
        var running = Queue.Runs("r", 1, "n1") with { IsExclusive = false, CpuPerNode = 3, MemoryPerNode = ByteSize.FromGiB(12) };
        BatchJob Small(string id, int gib, double waited) => Queue.Waits(id, 1, 1, waited) with { IsExclusive = false, CpuPerNode = 1, MemoryPerNode = ByteSize.FromGiB(gib) };
        var decisions = Queue.Decide(BurstPolicy.Threshold, Queue.Nodes(1), Queue.State(), running, Small("fits", 4, 30), Small("big", 5, 20), Queue.Waits("whole", 1, 1, 10));
        Assert.Equal(BurstReason.StartsLocally, decisions.Of("fits").ReasonCode);
        Assert.Equal(TimeSpan.FromHours(1), decisions.Of("big").PredictedWait);
        Assert.Equal(TimeSpan.FromHours(2), decisions.Of("whole").PredictedWait);
    }

    [Fact]
    public void Held_granted_and_distant_jobs_are_told_as_such()
    {
        var state = Queue.State() with { Grants = [new BurstGrant("granted", 1, 1, Queue.Now.AddHours(2))] };
        var decisions = Queue.Decide(
            Eager with { PlanDepth = 3 }, Queue.Nodes(1), state, Queue.Runs("r", 5, "n1"),
            Queue.Waits("held", 1, 1, 40) with { State = BatchJobState.Held }, Queue.Waits("granted", 1, 1, 30), Queue.Waits("next", 1, 1, 20), Queue.Waits("far", 1, 1, 10));
        Assert.Equal(BurstReason.Held, decisions.Of("held").ReasonCode);
        Assert.Equal(BurstReason.AlreadyAllowed, decisions.Of("granted").ReasonCode);
        Assert.Equal(BurstDecisionKind.AllowOnBurst, decisions.Of("next").Kind);
        Assert.Equal(BurstReason.BeyondPlanDepth, decisions.Of("far").ReasonCode);
    }

    [Fact]
    public void Job_whose_user_named_the_burst_partition_bursts_at_once_under_the_same_guard()
    {
        var job = Queue.Waits("j") with { Partitions = ["burst"] };
        Assert.Equal(BurstReason.NamedByUser, Queue.Decide(BurstPolicy.PredictedWait, Queue.Nodes(1), Queue.State(), job).Of("j").ReasonCode);
        Assert.Equal(BurstReason.OverJobShare, Queue.Decide(BurstPolicy.PredictedWait, Queue.Nodes(1), Queue.State().WithBudget(1), job).Of("j").ReasonCode);
    }

    [Fact]
    public void Job_whose_user_named_the_burst_partition_may_be_wider_than_the_centre_but_not_than_MaxNodes()
    {
        BatchJob[] jobs = [Queue.Waits("wide", 3) with { Partitions = ["burst"] }, Queue.Waits("wider", 5) with { Partitions = ["burst"] }];
        var decisions = Queue.Decide(BurstPolicy.PredictedWait with { MaxNodes = 4 }, Queue.Nodes(1), Queue.State(), jobs);
        Assert.Equal((BurstDecisionKind.AllowOnBurst, BurstReason.NamedByUser), (decisions.Of("wide").Kind, decisions.Of("wide").ReasonCode));
        Assert.Equal((BurstDecisionKind.Refuse, BurstReason.LargerThanMaxNodes), (decisions.Of("wider").Kind, decisions.Of("wider").ReasonCode));
    }
}
