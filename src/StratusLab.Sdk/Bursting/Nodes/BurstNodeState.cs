namespace StratusLab.Sdk;

/// <summary>Where one life of a burst node stands.</summary>
public enum BurstNodeState
{
    /// <summary>Wanted; no money is reserved for it yet.</summary>
    Planned,

    /// <summary>What it costs in the worst case is reserved; it waits for its launch.</summary>
    Reserved,

    /// <summary>Its launch was written down and may have been made; only the host knows.</summary>
    Launching,

    /// <summary>The host has made it; it does not run yet.</summary>
    Pending,

    /// <summary>It runs and has not registered with the batch system.</summary>
    Booting,

    /// <summary>It has just registered with the batch system.</summary>
    Registered,

    /// <summary>Jobs run on it.</summary>
    Active,

    /// <summary>It takes jobs and has none.</summary>
    Idle,

    /// <summary>It takes no more jobs; those that it has run to their end.</summary>
    Draining,

    /// <summary>It is being removed from the host.</summary>
    Terminating,

    /// <summary>It is gone, and paid for: the end of this life.</summary>
    Terminated,

    /// <summary>The host had no machine for it.</summary>
    CapacityFailed,

    /// <summary>The host allows no more machines.</summary>
    QuotaFailed,

    /// <summary>It did not register in time.</summary>
    BootTimedOut,

    /// <summary>The host did not list it three times in a row.</summary>
    Missing,

    /// <summary>The host is about to take it away.</summary>
    SpotNotice,

    /// <summary>The host has it and the ledger did not know it.</summary>
    Orphan,

    /// <summary>It failed again and again, and its name is not used until it is released: the end of this life.</summary>
    Quarantined,
}
