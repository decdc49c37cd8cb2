namespace StratusLab.Libvirt;

/// <summary>Whether a change is made to the running domain, its definition, or whichever is current (<c>virDomainModificationImpact</c>).</summary>
[Flags]
public enum DomainAffectFlags : uint
{
    /// <summary><c>VIR_DOMAIN_AFFECT_CURRENT</c></summary>
    Current = 0,

    /// <summary><c>VIR_DOMAIN_AFFECT_LIVE</c></summary>
    Live = 1u << 0,

    /// <summary><c>VIR_DOMAIN_AFFECT_CONFIG</c></summary>
    Config = 1u << 1,
}
