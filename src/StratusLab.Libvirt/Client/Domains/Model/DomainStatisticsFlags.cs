namespace StratusLab.Libvirt;

/// <summary>Of which domains statistics are given, and how (<c>virConnectGetAllDomainStatsFlags</c>).</summary>
[Flags]
public enum DomainStatisticsFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE</c></summary>
    Active = 1u << 0,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_INACTIVE</c></summary>
    Inactive = 1u << 1,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_PERSISTENT</c></summary>
    Persistent = 1u << 2,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_TRANSIENT</c></summary>
    Transient = 1u << 3,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_RUNNING</c></summary>
    Running = 1u << 4,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_PAUSED</c></summary>
    Paused = 1u << 5,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_SHUTOFF</c></summary>
    ShutOff = 1u << 6,

    /// <summary><c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_OTHER</c></summary>
    Other = 1u << 7,

    /// <summary>Statistics of a busy domain are left out rather than waited for (<c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT</c>).</summary>
    NoWait = 1u << 29,

    /// <summary>Block statistics include the backing chain (<c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_BACKING</c>).</summary>
    Backing = 1u << 30,

    /// <summary>A group that the server does not know is an error rather than left out (<c>VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS</c>).</summary>
    EnforceStats = 1u << 31,
}
