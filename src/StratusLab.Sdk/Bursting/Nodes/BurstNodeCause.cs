namespace StratusLab.Sdk;

/// <summary>Why a burst node went from one state to the next.</summary>
public enum BurstNodeCause
{
    /// <summary>A job was let onto burst nodes and needs it.</summary>
    JobNeedsNode,

    /// <summary>The batch system asked for it by name.</summary>
    BatchSystemAsked,

    /// <summary>What it costs in the worst case was reserved.</summary>
    BudgetReserved,

    /// <summary>Nobody needs it any more.</summary>
    NotNeeded,

    /// <summary>Its launch was written down.</summary>
    LaunchIntended,

    /// <summary>The host made it.</summary>
    LaunchAccepted,

    /// <summary>A launch whose outcome was not known had made it.</summary>
    LaunchFound,

    /// <summary>The launch had no effect and may be tried again.</summary>
    NothingLaunched,

    /// <summary>It could not be launched in time.</summary>
    LaunchTimedOut,

    /// <summary>The host refused the launch for good: a permission or a parameter.</summary>
    LaunchRefused,

    /// <summary>The host had no machine.</summary>
    NoCapacity,

    /// <summary>The host's limit is reached.</summary>
    QuotaReached,

    /// <summary>It is tried again, on the same market or on another.</summary>
    Retry,

    /// <summary>It is not tried again.</summary>
    GivenUp,

    /// <summary>The host says that it runs.</summary>
    Started,

    /// <summary>It registered with the batch system.</summary>
    Registered,

    /// <summary>A job started on it.</summary>
    JobStarted,

    /// <summary>No job runs on it.</summary>
    NoJob,

    /// <summary>It did not register in time.</summary>
    BootTimeout,

    /// <summary>It registered under the name of another node.</summary>
    WrongName,

    /// <summary>It was idle for as long as it is held.</summary>
    IdleHoldOver,

    /// <summary>It is as old as it may get.</summary>
    LifetimeOver,

    /// <summary>What is reserved for it ends.</summary>
    ReservationOver,

    /// <summary>The day's budget is spent.</summary>
    BudgetSpent,

    /// <summary>The batch system gave it back.</summary>
    Suspended,

    /// <summary>The burst is being drained.</summary>
    BurstDrained,

    /// <summary>The burst was stopped by force.</summary>
    BurstForced,

    /// <summary>The host takes it away.</summary>
    Interrupted,

    /// <summary>No job runs on it and it takes none.</summary>
    Emptied,

    /// <summary>The host says that it is off.</summary>
    MachineOff,

    /// <summary>The host did not list it in three observations.</summary>
    NotSeen,

    /// <summary>What may be left of it is removed.</summary>
    CleanUp,

    /// <summary>The host has a VM with the burst's marks that the ledger does not know.</summary>
    FoundUnknown,

    /// <summary>The unknown VM takes the place of a node that has none.</summary>
    Adopted,

    /// <summary>The unknown VM has no place.</summary>
    Reaped,

    /// <summary>The host has removed it.</summary>
    Removed,

    /// <summary>The host has removed it, after the node's name failed again and again.</summary>
    RepeatedFailure,

    /// <summary>Somebody said that its name may be used again.</summary>
    Released,
}
