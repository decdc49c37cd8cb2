namespace StratusLab.Libvirt;

/// <summary>Which count of virtual CPUs is changed (<c>virDomainVcpuFlags</c>).</summary>
[Flags]
public enum DomainVcpuFlags : uint
{
    /// <summary><c>VIR_DOMAIN_VCPU_CURRENT</c></summary>
    Current = 0,

    /// <summary><c>VIR_DOMAIN_VCPU_LIVE</c></summary>
    Live = 1u << 0,

    /// <summary><c>VIR_DOMAIN_VCPU_CONFIG</c></summary>
    Config = 1u << 1,

    /// <summary><c>VIR_DOMAIN_VCPU_MAXIMUM</c></summary>
    Maximum = 1u << 2,

    /// <summary><c>VIR_DOMAIN_VCPU_GUEST</c></summary>
    Guest = 1u << 3,

    /// <summary><c>VIR_DOMAIN_VCPU_HOTPLUGGABLE</c></summary>
    Hotpluggable = 1u << 4,
}
