using System.Globalization;
using StratusLab.Core;
using static StratusLab.Sdk.BurstNodeState;

namespace StratusLab.Sdk;

/// <summary>The life of a burst node: what follows for it from what ledger, host and batch system say now. Pure.</summary>
internal sealed class BurstNodeLife(BurstPolicy policy)
{
    /// <summary>A node is missing after so many observations without it.</summary>
    public const int MissesNeeded = 3;

    /// <summary>Observations that are nearer together count as one.</summary>
    public static readonly TimeSpan MissDistance = TimeSpan.FromSeconds(30);

    /// <summary>By this a reason of the batch system's shows that it was given from here.</summary>
    public const string Mark = "StratusLab burst";

    // What a host that takes a machine away leaves: two minutes on EC2.
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(100);

    /// <summary>How long before the end of what is reserved a node begins to be given back: until the batch system and the host have done it.</summary>
    public TimeSpan GiveBackTime => (3 * policy.Tick) + TimeSpan.FromSeconds(60);

    /// <summary>Looks at a node.</summary>
    public NodeAdvance Advance(BurstNodeRecord node, NodeObservation seen)
    {
        var steps = new List<BurstTransition>();
        var before = node;
        node = Notice(node, seen);
        var failed = false;

        // Each step may make the next one possible; the table has no circle that needs no new observation.
        for (var i = 0; i < 8; i++)
        {
            var next = Next(node, seen, steps);
            if (next is null) break;
            if (next.State is BootTimedOut || next.Cause is BurstNodeCause.WrongName || (next.Cause is BurstNodeCause.MachineOff && node.RegisteredAt is null && node.State is not Draining))
                failed = true;
            node = next;
        }

        if (failed) node = node with { Failures = node.Failures + 1 };
        var succeeded = before.RegisteredAt is null && node.RegisteredAt is not null;
        if (succeeded) node = node with { Failures = 0 };
        return new NodeAdvance(node, steps, EffectsOf(node, seen), failed, succeeded);
    }

    // What is known of a node without its state changing.
    private BurstNodeRecord Notice(BurstNodeRecord node, NodeObservation seen)
    {
        if (seen.Vm is { } vm)
        {
            node = node with
            {
                Vm = vm.Id,
                NodeAddress = vm.IPAddress?.ToString() ?? node.NodeAddress,
                MachineType = vm.MachineType ?? node.MachineType,
                Zone = vm.Zone ?? node.Zone,
                Misses = 0,
                MissedAt = null,
            };
        }
        else if (IsMissed(node, seen))
        {
            node = node with { Misses = node.Misses + 1, MissedAt = seen.At };
        }

        if (seen.BatchAnswered && node.State is BurstNodeState.Registered or Active or Idle or Draining) node = NoticeJobs(node, seen);
        if (seen.BatchAnswered && node.JobId is not null && !seen.JobIsThere && seen.Jobs.Count == 0) node = Free(node, seen.At);
        return node;
    }

    private BurstNodeRecord NoticeJobs(BurstNodeRecord node, NodeObservation seen)
    {
        if (seen.Jobs.Count == 0) return node;
        var until = seen.Jobs.Max(j => EndOf(node, j, seen.At));
        var last = seen.Jobs.MaxBy(j => EndOf(node, j, seen.At))!;
        return node with { JobId = last.Id, CommittedUntil = until };
    }

    // The end of the worst case while a job runs: its time limit, then the hold, then what giving back takes.
    private DateTimeOffset EndOf(BurstNodeRecord node, BatchJob job, DateTimeOffset now)
    {
        var end = job.TimeLimit is { } limit ? (job.StartedAt ?? now) + limit : (node.LaunchedAt ?? now) + policy.MaxLifetime;
        if (end < now) end = now;
        return end + policy.IdleHold + GiveBackTime;
    }

    // A node whose job has gone is free for the next one, and is paid for until its hold ends.
    private BurstNodeRecord Free(BurstNodeRecord node, DateTimeOffset now)
    {
        var ready = node.IdleSince ?? (node.RegisteredAt is null && node.LaunchedAt is { } launched ? Later(now, launched + policy.BootTimeout) : now);
        var until = ready + policy.IdleHold + GiveBackTime;
        return node with { JobId = null, CommittedUntil = until < node.CommittedUntil ? until : node.CommittedUntil };
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static bool IsMissed(BurstNodeRecord node, NodeObservation seen)
    {
        if (!seen.HostAnswered || node.LaunchedAt is not { } launched || node.HasEnded || node.State is Launching) return false;
        if (IsAlive(node, seen)) return false;
        return seen.At - launched >= seen.ListingDelay && (node.MissedAt is not { } last || seen.At - last >= MissDistance);
    }

    // The batch system hears from it, whatever the host lists.
    private static bool IsAlive(BurstNodeRecord node, NodeObservation seen) =>
        seen.Batch is { State: BatchNodeState.Idle or BatchNodeState.Allocated } && node.RegisteredAt is not null && node.State is not Terminating;

    private BurstNodeRecord? Next(BurstNodeRecord node, NodeObservation seen, List<BurstTransition> steps)
    {
        BurstNodeRecord To(BurstNodeState state, BurstNodeCause cause, string? detail = null) => node.Move(state, cause, seen.At, steps, detail);
        return node.State switch
        {
            Planned or Reserved or CapacityFailed or QuotaFailed => NextUnlaunched(node, seen, To),
            Launching => seen.Vm is null ? null : To(Pending, BurstNodeCause.LaunchFound),
            Pending or Booting => NextComing(node, seen, To),
            BurstNodeState.Registered or Active or Idle => NextReady(node, seen, To),
            Draining => NextDraining(node, seen, To),
            SpotNotice => NextInterrupted(node, seen, To),
            BootTimedOut or Missing => To(Terminating, BurstNodeCause.CleanUp),
            _ => null,
        };
    }

    private BurstNodeRecord? NextUnlaunched(BurstNodeRecord node, NodeObservation seen, Func<BurstNodeState, BurstNodeCause, string?, BurstNodeRecord> to)
    {
        if (seen.End is { } end) return to(Terminated, end, null);
        if (seen.BatchAnswered && node.JobId is null && !node.IsNamedByBatchSystem) return to(Terminated, BurstNodeCause.NotNeeded, "its job has ended, was cancelled or runs elsewhere");
        if (node.State is Reserved && seen.At - node.WantedAt > policy.LaunchTimeout + policy.BootTimeout)
            return to(Terminated, BurstNodeCause.LaunchTimedOut, null);
        return node.State is QuotaFailed ? to(Terminated, BurstNodeCause.GivenUp, node.Detail) : null;
    }

    private BurstNodeRecord? NextComing(BurstNodeRecord node, NodeObservation seen, Func<BurstNodeState, BurstNodeCause, string?, BurstNodeRecord> to)
    {
        if (Lost(node, seen, to) is { } lost) return lost;
        if (seen.RegisteredAs is { } wrong) return to(Terminating, BurstNodeCause.WrongName, $"it registered as '{wrong}'");
        if (seen.End is { } end) return to(Draining, end, null);
        if (HasRegistered(node, seen))
            return to(BurstNodeState.Registered, BurstNodeCause.Registered, null) with { RegisteredAt = seen.At, IdleSince = seen.At };
        if (node.State is Pending && seen.Vm is { State: VmState.Running }) return to(Booting, BurstNodeCause.Started, null);

        // While the batch system does not answer, nobody can know whether it has registered.
        var limit = node.State is Pending ? policy.LaunchTimeout + policy.BootTimeout : policy.BootTimeout;
        return seen.BatchAnswered && seen.At - node.ChangedAt > limit ? to(BootTimedOut, BurstNodeCause.BootTimeout, $"it did not register within {limit.TotalSeconds:0} s") : null;
    }

    private static bool HasRegistered(BurstNodeRecord node, NodeObservation seen) =>
        seen.Batch is { State: BatchNodeState.Idle or BatchNodeState.Allocated } batch
        && (batch.InstanceId is null || batch.InstanceId == node.Vm?.Key)
        && (batch.BootedAt is not { } booted || node.LaunchedAt is not { } launched || booted >= launched - TimeSpan.FromMinutes(5));

    private BurstNodeRecord? NextReady(BurstNodeRecord node, NodeObservation seen, Func<BurstNodeState, BurstNodeCause, string?, BurstNodeRecord> to)
    {
        if (Lost(node, seen, to) is { } lost) return lost;
        if (seen.RegisteredAs is { } wrong) return to(Terminating, BurstNodeCause.WrongName, $"it registered as '{wrong}'");
        if (seen.End is { } end) return to(Draining, end, null);
        if (!seen.BatchAnswered) return null;
        if (seen.Jobs.Count > 0) return node.State is Active ? null : to(Active, BurstNodeCause.JobStarted, JobsOf(seen)) with { IdleSince = null };
        if (node.State is not Idle) return to(Idle, BurstNodeCause.NoJob, null) with { IdleSince = seen.At };

        // The policy drains what is idle for too long; the end of the money does not wait for it.
        return seen.At >= node.CommittedUntil - GiveBackTime ? to(Draining, BurstNodeCause.ReservationOver, null) : null;
    }

    // Not the job that the node was launched for: the batch system gives nodes to whom it likes.
    private static string JobsOf(NodeObservation seen) => seen.Jobs.Count == 1
        ? $"job {seen.Jobs[0].Id}"
        : string.Create(CultureInfo.InvariantCulture, $"job {seen.Jobs[0].Id} and {seen.Jobs.Count - 1} more");

    private BurstNodeRecord? NextDraining(BurstNodeRecord node, NodeObservation seen, Func<BurstNodeState, BurstNodeCause, string?, BurstNodeRecord> to)
    {
        if (Lost(node, seen, to) is { } lost) return lost;
        if (node.LaunchedAt is { } launched && seen.At - launched > policy.MaxLifetime + policy.Lease) return to(Terminating, BurstNodeCause.LifetimeOver, null);
        if (node.RegisteredAt is null) return to(Terminating, BurstNodeCause.Emptied, null);

        // Only the batch system knows that it is empty, and only once it gives it nothing more.
        return seen is { BatchAnswered: true, Jobs.Count: 0 }
            && seen.Batch is null or { State: not (BatchNodeState.Idle or BatchNodeState.Allocated or BatchNodeState.Draining) }
            ? to(Terminating, BurstNodeCause.Emptied, null)
            : null;
    }

    private static BurstNodeRecord? NextInterrupted(BurstNodeRecord node, NodeObservation seen, Func<BurstNodeState, BurstNodeCause, string?, BurstNodeRecord> to)
    {
        if (seen.Vm is { State: VmState.Stopped or VmState.Crashed }) return to(Terminating, BurstNodeCause.MachineOff, null);
        var isOver = seen.At - node.ChangedAt > NoticeTime || node.RegisteredAt is null || (seen.BatchAnswered && seen.Jobs.Count == 0);
        return isOver ? to(Terminating, BurstNodeCause.Emptied, null) : null;
    }

    // What ends a node whatever else is.
    private static BurstNodeRecord? Lost(BurstNodeRecord node, NodeObservation seen, Func<BurstNodeState, BurstNodeCause, string?, BurstNodeRecord> to)
    {
        if (seen.End is BurstNodeCause.BurstForced) return to(Terminating, BurstNodeCause.BurstForced, null);
        if (seen.Vm is { State: VmState.Stopped or VmState.Crashed }) return to(Terminating, BurstNodeCause.MachineOff, $"the host says {seen.Vm.State}");
        if (seen.IsInterrupted || (node.Market is VmMarket.Spot && seen.Vm is { State: VmState.Stopping })) return to(SpotNotice, BurstNodeCause.Interrupted, null);
        return node.Misses >= MissesNeeded ? to(Missing, BurstNodeCause.NotSeen, $"the host has not listed it since {node.MissedAt - ((MissesNeeded - 1) * MissDistance):u}") : null;
    }

    private static BurstNodeEffects EffectsOf(BurstNodeRecord node, NodeObservation seen)
    {
        var effects = node.State switch
        {
            Launching => BurstNodeEffects.Replay,
            Terminating => BurstNodeEffects.Remove,
            _ => BurstNodeEffects.None,
        };
        if (!seen.BatchAnswered || seen.Batch is not { } batch) return effects;
        var takesJobs = batch.State is BatchNodeState.Idle or BatchNodeState.Allocated;
        if (node.State is Pending or Booting or BurstNodeState.Registered or Active or Idle
            && node.Vm is { } vm && (batch.InstanceId != vm.Key || (node.NodeAddress is { } address && batch.Address != address)))
        {
            effects |= BurstNodeEffects.Tell;
        }

        if (node.State is Draining or SpotNotice && takesJobs) effects |= BurstNodeEffects.Drain;
        if (node.State is Terminating && takesJobs) effects |= BurstNodeEffects.Down;
        var isShut = batch.State is BatchNodeState.Drained or BatchNodeState.Draining or BatchNodeState.Down;
        if (node.State is Terminated && !node.IsGivenBack) effects |= BurstNodeEffects.GiveBack;

        // Only what was shut from here is opened from here.
        else if (node.State is Terminated && isShut && batch.Reason?.Contains(Mark, StringComparison.Ordinal) == true) effects |= BurstNodeEffects.Resume;

        // A name in quarantine is not to be asked for.
        if (node.State is Quarantined && !isShut) effects |= BurstNodeEffects.Drain;
        return effects;
    }
}
