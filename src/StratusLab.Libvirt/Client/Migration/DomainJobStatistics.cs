namespace StratusLab.Libvirt;

/// <summary>Progress of a domain's job, such as a migration (<c>virDomainGetJobStats</c>).</summary>
/// <param name="Type">The job's state.</param>
/// <param name="Parameters">All that the server gave.</param>
public sealed record DomainJobStatistics(DomainJobType Type, TypedParameterList Parameters)
{
    /// <summary>Time since the start, in milliseconds.</summary>
    public ulong? TimeElapsed => Parameters.GetUInt64("time_elapsed");

    /// <summary>Bytes to transfer in all.</summary>
    public ulong? DataTotal => Parameters.GetUInt64("data_total");

    /// <summary>Bytes transferred.</summary>
    public ulong? DataProcessed => Parameters.GetUInt64("data_processed");

    /// <summary>Bytes left.</summary>
    public ulong? DataRemaining => Parameters.GetUInt64("data_remaining");

    /// <summary>How long the guest stood still, in milliseconds.</summary>
    public ulong? Downtime => Parameters.GetUInt64("downtime");
}
