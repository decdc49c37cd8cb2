using static StratusLab.Sdk.BurstNodeCause;
using static StratusLab.Sdk.BurstNodeState;

namespace StratusLab.Sdk;

/// <summary>The one table of what a burst node may become, and why. What is not in it does not happen.</summary>
internal static class BurstTransitions
{
    private static readonly BurstNodeState[] Waiting = [Planned, Reserved, CapacityFailed, QuotaFailed];
    private static readonly BurstNodeState[] Coming = [Pending, Booting];
    private static readonly BurstNodeState[] Ready = [BurstNodeState.Registered, Active, Idle];
    private static readonly BurstNodeState[] There = [.. Coming, .. Ready];
    private static readonly BurstNodeCause[] WhyDrain = [NotNeeded, IdleHoldOver, LifetimeOver, ReservationOver, BudgetSpent, Suspended, BurstDrained];

    private static readonly HashSet<(BurstNodeState? From, BurstNodeState To, BurstNodeCause Cause)> Table = [.. Build()];

    /// <summary>All of it.</summary>
    public static IReadOnlyCollection<(BurstNodeState? From, BurstNodeState To, BurstNodeCause Cause)> All => Table;

    /// <summary>Whether a node may go from one state to another for this cause; from null for a life that begins.</summary>
    public static bool Allows(BurstNodeState? from, BurstNodeState to, BurstNodeCause cause) => Table.Contains((from, to, cause));

    private static IEnumerable<(BurstNodeState?, BurstNodeState, BurstNodeCause)> Build() =>
    [
        (null, Planned, JobNeedsNode),
        (null, Planned, BatchSystemAsked),
        (null, Orphan, FoundUnknown),

        (Planned, Reserved, BudgetReserved),
        (Reserved, Launching, LaunchIntended),
        (Reserved, Terminated, LaunchTimedOut),
        .. From(Waiting, Terminated, NotNeeded, BurstDrained, BurstForced),

        (Launching, Pending, LaunchAccepted),
        (Launching, Pending, LaunchFound),
        (Launching, Reserved, NothingLaunched),
        (Launching, CapacityFailed, NoCapacity),
        (Launching, QuotaFailed, QuotaReached),
        (Launching, Terminated, LaunchRefused),
        (Launching, Terminated, GivenUp),
        (CapacityFailed, Reserved, Retry),
        (CapacityFailed, Terminated, GivenUp),
        (QuotaFailed, Terminated, GivenUp),

        (Pending, Booting, Started),
        .. From(Coming, BurstNodeState.Registered, BurstNodeCause.Registered),
        .. From(Coming, BootTimedOut, BootTimeout),
        .. From([BurstNodeState.Registered, Idle], Active, JobStarted),
        .. From([BurstNodeState.Registered, Active], Idle, NoJob),

        .. From(There, Draining, WhyDrain),
        .. From([.. There, Draining], Missing, NotSeen),
        .. From([.. There, Draining], SpotNotice, Interrupted),
        .. From([.. There, Draining, SpotNotice], Terminating, MachineOff, BurstForced, WrongName),
        .. From([Active, Draining], Terminating, BudgetSpent, LifetimeOver),
        .. From([Draining, SpotNotice], Terminating, Emptied),
        .. From([BootTimedOut, Missing], Terminating, CleanUp),

        (Orphan, Booting, Adopted),
        (Orphan, Terminating, Reaped),

        (Terminating, Terminated, Removed),
        (Terminating, Quarantined, RepeatedFailure),
        (Quarantined, Terminated, Released),
    ];

    private static IEnumerable<(BurstNodeState?, BurstNodeState, BurstNodeCause)> From(BurstNodeState[] from, BurstNodeState to, params BurstNodeCause[] causes) =>
        from.SelectMany(_ => causes, (f, c) => ((BurstNodeState?)f, to, c));
}
