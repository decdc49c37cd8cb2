namespace StratusLab.Libvirt;

/// <summary>How a domain is stopped without its consent (<c>virDomainDestroyFlagsValues</c>).</summary>
[Flags]
public enum DomainDestroyFlags : uint
{
    /// <summary><c>VIR_DOMAIN_DESTROY_DEFAULT</c></summary>
    Default = 0,

    /// <summary>Gives the hypervisor time to flush, and fails rather than kills (<c>VIR_DOMAIN_DESTROY_GRACEFUL</c>).</summary>
    Graceful = 1u << 0,

    /// <summary><c>VIR_DOMAIN_DESTROY_REMOVE_LOGS</c></summary>
    RemoveLogs = 1u << 1,
}
