namespace StratusLab.Libvirt;

/// <summary>How a domain is started (<c>virDomainCreateFlags</c>).</summary>
[Flags]
public enum DomainStartFlags : uint
{
    /// <summary><c>VIR_DOMAIN_START_NONE</c></summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_START_PAUSED</c></summary>
    Paused = 1u << 0,

    /// <summary><c>VIR_DOMAIN_START_AUTODESTROY</c></summary>
    AutoDestroy = 1u << 1,

    /// <summary><c>VIR_DOMAIN_START_BYPASS_CACHE</c></summary>
    BypassCache = 1u << 2,

    /// <summary><c>VIR_DOMAIN_START_FORCE_BOOT</c></summary>
    ForceBoot = 1u << 3,

    /// <summary><c>VIR_DOMAIN_START_VALIDATE</c></summary>
    Validate = 1u << 4,

    /// <summary><c>VIR_DOMAIN_START_RESET_NVRAM</c></summary>
    ResetNvram = 1u << 5,
}
