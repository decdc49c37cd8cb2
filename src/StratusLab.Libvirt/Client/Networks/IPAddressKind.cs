namespace StratusLab.Libvirt;

/// <summary>The kind of an IP address (<c>virIPAddrType</c>).</summary>
public enum IPAddressKind
{
    /// <summary><c>VIR_IP_ADDR_TYPE_IPV4</c></summary>
    IPv4 = 0,

    /// <summary><c>VIR_IP_ADDR_TYPE_IPV6</c></summary>
    IPv6 = 1,
}
