namespace StratusLab.Libvirt;

/// <summary>Groups of statistics; none asks for all that the server has (<c>virDomainStatsTypes</c>).</summary>
[Flags]
public enum DomainStatisticsGroups : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_STATS_STATE</c></summary>
    State = 1u << 0,

    /// <summary><c>VIR_DOMAIN_STATS_CPU_TOTAL</c></summary>
    CpuTotal = 1u << 1,

    /// <summary><c>VIR_DOMAIN_STATS_BALLOON</c></summary>
    Balloon = 1u << 2,

    /// <summary><c>VIR_DOMAIN_STATS_VCPU</c></summary>
    Vcpu = 1u << 3,

    /// <summary><c>VIR_DOMAIN_STATS_INTERFACE</c></summary>
    Interface = 1u << 4,

    /// <summary><c>VIR_DOMAIN_STATS_BLOCK</c></summary>
    Block = 1u << 5,

    /// <summary><c>VIR_DOMAIN_STATS_PERF</c></summary>
    Perf = 1u << 6,

    /// <summary><c>VIR_DOMAIN_STATS_IOTHREAD</c></summary>
    IOThread = 1u << 7,

    /// <summary><c>VIR_DOMAIN_STATS_MEMORY</c></summary>
    Memory = 1u << 8,

    /// <summary><c>VIR_DOMAIN_STATS_DIRTYRATE</c></summary>
    DirtyRate = 1u << 9,

    /// <summary><c>VIR_DOMAIN_STATS_VM</c></summary>
    Vm = 1u << 10,
}
