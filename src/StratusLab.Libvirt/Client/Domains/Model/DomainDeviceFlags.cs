namespace StratusLab.Libvirt;

/// <summary>Where a device is changed (<c>virDomainDeviceModifyFlags</c>).</summary>
[Flags]
public enum DomainDeviceFlags : uint
{
    /// <summary><c>VIR_DOMAIN_DEVICE_MODIFY_CURRENT</c></summary>
    Current = 0,

    /// <summary><c>VIR_DOMAIN_DEVICE_MODIFY_LIVE</c></summary>
    Live = 1u << 0,

    /// <summary><c>VIR_DOMAIN_DEVICE_MODIFY_CONFIG</c></summary>
    Config = 1u << 1,

    /// <summary><c>VIR_DOMAIN_DEVICE_MODIFY_FORCE</c></summary>
    Force = 1u << 2,
}
