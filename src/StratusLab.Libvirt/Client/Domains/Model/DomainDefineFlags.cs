namespace StratusLab.Libvirt;

/// <summary>How a definition is checked (<c>virDomainDefineFlags</c>).</summary>
[Flags]
public enum DomainDefineFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_DEFINE_VALIDATE</c></summary>
    Validate = 1u << 0,
}
