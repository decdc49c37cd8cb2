namespace StratusLab.Libvirt;

/// <summary>Where addresses of a guest are looked up (<c>virDomainInterfaceAddressesSource</c>).</summary>
public enum DomainAddressSource
{
    /// <summary>DHCP leases of libvirt's own networks (<c>VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE</c>).</summary>
    Lease = 0,

    /// <summary>The guest agent (<c>VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT</c>).</summary>
    Agent = 1,

    /// <summary>The host's ARP table (<c>VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP</c>).</summary>
    Arp = 2,
}
