using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>The table of a node's life, and the function that follows it.</summary>
public sealed class BurstTransitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly BurstPolicy Policy = BurstPolicy.PredictedWait with { DailyBudget = 100 };

    [Fact]
    public void Every_state_can_be_reached_and_left_and_the_two_ends_are_ends()
    {
        foreach (var state in Enum.GetValues<BurstNodeState>())
        {
            Assert.Contains(BurstTransitions.All, t => t.To == state);
            Assert.Equal(state != BurstNodeState.Terminated, BurstTransitions.All.Any(t => t.From == state));
        }

        Assert.Equal([(BurstNodeState.Quarantined, BurstNodeState.Terminated, BurstNodeCause.Released)], BurstTransitions.All.Where(t => t.From is BurstNodeState.Quarantined).Select(t => (t.From!.Value, t.To, t.Cause)));
        Assert.All(BurstTransitions.All.Where(t => t.From is null), t => Assert.True(t.To is BurstNodeState.Planned or BurstNodeState.Orphan));
    }

    [Fact]
    public void Every_cause_is_the_cause_of_something() =>
        Assert.Equal(Enum.GetValues<BurstNodeCause>(), BurstTransitions.All.Select(t => t.Cause).Distinct().Order());

    [Fact]
    public void A_machine_that_may_exist_is_forgotten_only_after_its_removal()
    {
        BurstNodeState[] exists =
        [
            BurstNodeState.Pending, BurstNodeState.Booting, BurstNodeState.Registered, BurstNodeState.Active, BurstNodeState.Idle, BurstNodeState.Draining,
            BurstNodeState.BootTimedOut, BurstNodeState.Missing, BurstNodeState.SpotNotice, BurstNodeState.Orphan,
        ];
        Assert.DoesNotContain(BurstTransitions.All, t => t.From is { } from && exists.Contains(from) && t.To is BurstNodeState.Terminated or BurstNodeState.Quarantined);
        Assert.Equal(
            [BurstNodeState.Terminating],
            BurstTransitions.All.Where(t => t.To is BurstNodeState.Terminated && t.Cause is BurstNodeCause.Removed).Select(t => t.From!.Value));
    }

    [Fact]
    public void What_is_not_in_the_table_is_refused_for_each_state_and_cause()
    {
        foreach (var from in Enum.GetValues<BurstNodeState>())
        {
            foreach (var to in Enum.GetValues<BurstNodeState>())
            {
                foreach (var cause in Enum.GetValues<BurstNodeCause>())
                {
                    var steps = new List<BurstTransition>();
                    if (BurstTransitions.All.Contains((from, to, cause))) Assert.Equal(to, Node(from).Move(to, cause, Now, steps).State);
                    else Assert.Throws<InvalidOperationException>(() => Node(from).Move(to, cause, Now, steps));
                }
            }
        }
    }

    [Fact]
    public void Whatever_is_seen_in_whichever_state_only_what_the_table_has_follows()
    {
        // Each combination; Move throws where the table is left.
        var seen = 0;
        foreach (var state in Enum.GetValues<BurstNodeState>())
            foreach (var vm in (VmState?[])[null, VmState.Pending, VmState.Running, VmState.Stopping, VmState.Stopped])
                foreach (var batch in (BatchNodeState?[])[null, .. Enum.GetValues<BatchNodeState>().Cast<BatchNodeState?>()])
                    foreach (var hasJob in (bool[])[false, true])
                        foreach (var end in (BurstNodeCause?[])[null, BurstNodeCause.BurstDrained, BurstNodeCause.BurstForced])
                            foreach (var minutes in (int[])[0, 30, 3_000])
                            {
                                var node = Node(state) with { Market = VmMarket.Spot, JobId = hasJob ? "1" : null };
                                var observation = Seen(node, vm, batch, hasJob, Now.AddMinutes(minutes)) with { End = end };
                                var advance = new BurstNodeLife(Policy).Advance(node, observation);
                                Assert.Equal(advance.Steps.Count > 0 ? advance.Steps[^1].To : state, advance.Node.State);
                                Assert.True(node.HasEnded || advance.Node.State is not BurstNodeState.Terminated || node.LaunchedAt is null || !BurstTransitions.Allows(state, BurstNodeState.Pending, BurstNodeCause.LaunchFound));
                                seen++;
                            }

        Assert.True(seen > 5_000);
    }

    [Fact]
    public void A_node_is_missing_only_after_three_observations_thirty_seconds_apart()
    {
        var life = new BurstNodeLife(Policy);
        var node = Node(BurstNodeState.Booting);
        foreach (var (second, misses) in new[] { (0, 1), (10, 1), (29, 1), (30, 2), (45, 2) })
        {
            node = life.Advance(node, Seen(node, null, null, false, Now.AddSeconds(second))).Node;
            Assert.Equal((misses, BurstNodeState.Booting), (node.Misses, node.State));
        }

        var again = life.Advance(node, Seen(node, VmState.Running, null, false, Now.AddSeconds(50))).Node;
        Assert.Equal(0, again.Misses);
        var gone = life.Advance(node, Seen(node, null, null, false, Now.AddSeconds(60)));
        Assert.Equal([BurstNodeState.Missing, BurstNodeState.Terminating], gone.Steps.Select(s => s.To));
        Assert.Equal(BurstNodeEffects.Remove, gone.Effects);
    }

    [Fact]
    public void A_node_that_the_batch_system_hears_from_is_never_missing()
    {
        var life = new BurstNodeLife(Policy);
        var node = Node(BurstNodeState.Idle) with { RegisteredAt = Now };
        for (var second = 0; second < 600; second += 30) node = life.Advance(node, Seen(node, null, BatchNodeState.Idle, false, Now.AddSeconds(second))).Node;
        Assert.Equal((0, BurstNodeState.Idle), (node.Misses, node.State));
    }

    [Fact]
    public void While_the_batch_system_does_not_answer_no_node_goes()
    {
        var life = new BurstNodeLife(Policy);
        foreach (var state in (BurstNodeState[])[BurstNodeState.Booting, BurstNodeState.Idle, BurstNodeState.Active])
        {
            var node = Node(state);
            var after = life.Advance(node, Seen(node, VmState.Running, null, false, Now.AddHours(3)) with { BatchAnswered = false });
            Assert.Equal(state, after.Node.State);
        }
    }

    [Fact]
    public void A_node_that_registers_under_another_name_is_removed_and_counts_as_failed()
    {
        var node = Node(BurstNodeState.Booting);
        var after = new BurstNodeLife(Policy).Advance(node, Seen(node, VmState.Running, null, false, Now) with { RegisteredAs = "other" });
        Assert.Equal((BurstNodeState.Terminating, BurstNodeCause.WrongName, true), (after.Node.State, after.Node.Cause, after.Failed));
    }

    [Fact]
    public void A_node_whose_job_started_tells_of_the_job_that_runs_not_of_the_one_it_was_launched_for()
    {
        var node = Node(BurstNodeState.Registered) with { JobId = "7" };
        var after = new BurstNodeLife(Policy).Advance(node, Seen(node, VmState.Running, BatchNodeState.Allocated, true, Now));
        Assert.Equal((BurstNodeState.Active, "job 1"), (after.Node.State, Assert.Single(after.Steps).Detail));
    }

    [Fact]
    public void Pauses_double_up_to_a_limit_begin_anew_after_hours_and_count_one_failure_of_many_at_once()
    {
        CapacityBackoff? backoff = null;
        var now = Now;
        foreach (var seconds in (int[])[180, 360, 720, 1440, 1800, 1800])
        {
            backoff = CapacityBackoff.After(backoff, "c", "", VmMarket.Spot, Policy, now);
            Assert.Equal(TimeSpan.FromSeconds(seconds), backoff.ClosedUntil - now);
            Assert.Same(backoff, CapacityBackoff.After(backoff, "c", "", VmMarket.Spot, Policy, now.AddSeconds(1)));
            now = backoff.ClosedUntil;
        }

        Assert.Equal(TimeSpan.FromSeconds(180), CapacityBackoff.After(backoff, "c", "", VmMarket.Spot, Policy, now.AddHours(3)).ClosedUntil - now.AddHours(3));
    }

    private static BurstNodeRecord Node(BurstNodeState state) => new()
    {
        Burst = "peak",
        Name = "burst-001",
        Generation = 1,
        NodeClass = "burst",
        State = state,
        Cause = BurstNodeCause.JobNeedsNode,
        ChangedAt = Now,
        WantedAt = Now,
        LaunchedAt = state is BurstNodeState.Planned or BurstNodeState.Reserved or BurstNodeState.CapacityFailed or BurstNodeState.QuotaFailed ? null : Now,
        Vm = state is BurstNodeState.Planned or BurstNodeState.Reserved or BurstNodeState.Launching ? null : new VmId("cloud", "i-1"),
        RequestId = Guid.NewGuid(),
        CommittedUntil = Now.AddHours(5),
        RegisteredAt = state is BurstNodeState.Registered or BurstNodeState.Active or BurstNodeState.Idle or BurstNodeState.Draining ? Now : null,
    };

    private static NodeObservation Seen(BurstNodeRecord node, VmState? vm, BatchNodeState? batch, bool hasJob, DateTimeOffset at) => new()
    {
        At = at,
        HostAnswered = true,
        Vm = vm is { } state ? new VirtualMachine { Id = new VmId("cloud", "i-1"), Name = node.Name, State = state, RequestId = node.RequestId } : null,
        BatchAnswered = true,
        Batch = batch is { } known ? new BatchNode { Name = node.Name, State = known } : null,
        Jobs = hasJob ? [new BatchJob { Id = "1", State = BatchJobState.Running, StartedAt = Now, TimeLimit = TimeSpan.FromHours(1), Nodes = [node.Name] }] : [],
        JobIsThere = hasJob,
    };
}
