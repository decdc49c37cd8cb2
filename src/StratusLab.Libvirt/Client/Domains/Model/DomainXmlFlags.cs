namespace StratusLab.Libvirt;

/// <summary>What a domain's XML shows (<c>virDomainXMLFlags</c>).</summary>
[Flags]
public enum DomainXmlFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>With passwords; not on read-only connections (<c>VIR_DOMAIN_XML_SECURE</c>).</summary>
    Secure = 1u << 0,

    /// <summary>The stored definition rather than the running one (<c>VIR_DOMAIN_XML_INACTIVE</c>).</summary>
    Inactive = 1u << 1,

    /// <summary><c>VIR_DOMAIN_XML_UPDATE_CPU</c></summary>
    UpdateCpu = 1u << 2,

    /// <summary>Without what another host could not take (<c>VIR_DOMAIN_XML_MIGRATABLE</c>).</summary>
    Migratable = 1u << 3,
}
