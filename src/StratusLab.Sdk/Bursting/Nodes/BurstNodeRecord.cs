using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>One life of a burst node, as the ledger keeps it. A name that is used again gets the next generation.</summary>
public sealed record BurstNodeRecord
{
    /// <summary>The burst.</summary>
    public required string Burst { get; init; }

    /// <summary>The name by which the batch system knows it, and the VM's name.</summary>
    public required string Name { get; init; }

    /// <summary>Which life of the name it is, from 1.</summary>
    public required int Generation { get; init; }

    /// <summary>Which try at a launch it is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The class of node.</summary>
    public required string NodeClass { get; init; }

    /// <summary>The market that it is bought on.</summary>
    public VmMarket Market { get; init; }

    /// <summary>The most that it costs for an hour, in US dollars.</summary>
    public decimal PricePerHour { get; init; }

    /// <summary>Where it stands.</summary>
    public required BurstNodeState State { get; init; }

    /// <summary>Why it came there.</summary>
    public required BurstNodeCause Cause { get; init; }

    /// <summary>More about that, for people; null for nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>When it came there, in UTC.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When it was first wanted, in UTC.</summary>
    public required DateTimeOffset WantedAt { get; init; }

    /// <summary>Whether the batch system chose its name, rather than the controller.</summary>
    public bool IsNamedByBatchSystem { get; init; }

    /// <summary>The job that runs on it, or that it is meant for; null if it is free.</summary>
    public string? JobId { get; init; }

    /// <summary>The request by which the host knows its launch; null before the launch is written down.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The VM; null while none is known.</summary>
    public VmId? Vm { get; init; }

    /// <summary>Its address; null while none is known.</summary>
    public string? NodeAddress { get; init; }

    /// <summary>The host's name for its type of machine; null where there is none.</summary>
    public string? MachineType { get; init; }

    /// <summary>The host's zone that it is in; null where there is none.</summary>
    public string? Zone { get; init; }

    /// <summary>Since when it is counted as paid for, in UTC; null if nothing was launched.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>Until when its cost is among what the ledger says was spent, in UTC; null for not at all.</summary>
    public DateTimeOffset? ChargedUntil { get; init; }

    /// <summary>When it registered with the batch system, in UTC; null if it has not.</summary>
    public DateTimeOffset? RegisteredAt { get; init; }

    /// <summary>Since when no job runs on it, in UTC; null while one does, or it is not ready.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>Until when its cost is reserved, in UTC.</summary>
    public required DateTimeOffset CommittedUntil { get; init; }

    /// <summary>When it ended, in UTC; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often the host had no machine for it.</summary>
    public int CapacityFailures { get; init; }

    /// <summary>How often its name failed in a row, this life among them.</summary>
    public int Failures { get; init; }

    /// <summary>In how many observations in a row the host did not list it.</summary>
    public int Misses { get; init; }

    /// <summary>When the last of these was, in UTC.</summary>
    public DateTimeOffset? MissedAt { get; init; }

    /// <summary>Whether the batch system counts its name as powered down since it ended.</summary>
    public bool IsGivenBack { get; init; }

    /// <summary>Whether this life is over.</summary>
    public bool HasEnded => State is BurstNodeState.Terminated or BurstNodeState.Quarantined;

    /// <summary>Whether the host may have a VM for it.</summary>
    public bool MayExist => LaunchedAt is not null && !HasEnded;

    /// <summary>Name and state.</summary>
    public override string ToString() => $"{Name} ({State})";
}
