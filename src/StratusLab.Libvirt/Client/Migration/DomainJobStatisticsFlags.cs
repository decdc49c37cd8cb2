namespace StratusLab.Libvirt;

/// <summary>Which job statistics are meant (<c>virDomainGetJobStatsFlags</c>).</summary>
[Flags]
public enum DomainJobStatisticsFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_JOB_STATS_COMPLETED</c></summary>
    Completed = 1u << 0,

    /// <summary><c>VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED</c></summary>
    KeepCompleted = 1u << 1,
}
