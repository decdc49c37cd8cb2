using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What is known of one burst node now, beside the ledger.</summary>
internal sealed record NodeObservation
{
    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the host listed all its VMs.</summary>
    public bool HostAnswered { get; init; }

    /// <summary>The VM as the host lists it; null if it does not, or was not asked.</summary>
    public VirtualMachine? Vm { get; init; }

    /// <summary>How long the host's listing may lag behind a launch.</summary>
    public TimeSpan ListingDelay { get; init; }

    /// <summary>The node as the batch system tells it; null if the batch system did not answer or does not know it.</summary>
    public BatchNode? Batch { get; init; }

    /// <summary>Whether the batch system answered.</summary>
    public bool BatchAnswered { get; init; }

    /// <summary>The jobs that are on it, by the batch system.</summary>
    public IReadOnlyList<BatchJob> Jobs { get; init; } = [];

    /// <summary>Whether the job that it is meant for still waits or runs.</summary>
    public bool JobIsThere { get; init; }

    /// <summary>Another node of the batch system that has this one's instance behind it; null for none.</summary>
    public string? RegisteredAs { get; init; }

    /// <summary>Whether somebody told that the host is about to take it away.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Why the burst ends; null while it goes on.</summary>
    public BurstNodeCause? End { get; init; }
}
