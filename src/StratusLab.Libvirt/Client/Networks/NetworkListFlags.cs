namespace StratusLab.Libvirt;

/// <summary>Which networks are listed: flags of one group widen, groups narrow (<c>virConnectListAllNetworksFlags</c>).</summary>
[Flags]
public enum NetworkListFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_CONNECT_LIST_NETWORKS_INACTIVE</c></summary>
    Inactive = 1u << 0,

    /// <summary><c>VIR_CONNECT_LIST_NETWORKS_ACTIVE</c></summary>
    Active = 1u << 1,

    /// <summary><c>VIR_CONNECT_LIST_NETWORKS_PERSISTENT</c></summary>
    Persistent = 1u << 2,

    /// <summary><c>VIR_CONNECT_LIST_NETWORKS_TRANSIENT</c></summary>
    Transient = 1u << 3,

    /// <summary><c>VIR_CONNECT_LIST_NETWORKS_AUTOSTART</c></summary>
    Autostart = 1u << 4,

    /// <summary><c>VIR_CONNECT_LIST_NETWORKS_NO_AUTOSTART</c></summary>
    NoAutostart = 1u << 5,
}
