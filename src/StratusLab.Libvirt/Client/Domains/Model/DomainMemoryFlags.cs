namespace StratusLab.Libvirt;

/// <summary>Which memory size is changed (<c>virDomainMemoryModFlags</c>).</summary>
[Flags]
public enum DomainMemoryFlags : uint
{
    /// <summary><c>VIR_DOMAIN_MEM_CURRENT</c></summary>
    Current = 0,

    /// <summary><c>VIR_DOMAIN_MEM_LIVE</c></summary>
    Live = 1u << 0,

    /// <summary><c>VIR_DOMAIN_MEM_CONFIG</c></summary>
    Config = 1u << 1,

    /// <summary><c>VIR_DOMAIN_MEM_MAXIMUM</c></summary>
    Maximum = 1u << 2,
}
