namespace StratusLab.Libvirt;

/// <summary>A DHCP lease of a virtual network (<c>virNetworkDHCPLease</c>).</summary>
/// <param name="Interface">Name of the network's bridge.</param>
/// <param name="ExpiresAt">When the lease ends; <see langword="null"/> for never.</param>
/// <param name="Kind">IPv4 or IPv6.</param>
/// <param name="HardwareAddress">The guest's MAC address.</param>
/// <param name="Iaid">The identity association of an IPv6 lease.</param>
/// <param name="Address">The leased address as text.</param>
/// <param name="Prefix">Length of the network prefix, in bits.</param>
/// <param name="HostName">The name that the guest gave.</param>
/// <param name="ClientId">The DHCP client's identifier.</param>
public sealed record DhcpLease(
    string Interface,
    DateTimeOffset? ExpiresAt,
    IPAddressKind Kind,
    string? HardwareAddress,
    string? Iaid,
    string Address,
    int Prefix,
    string? HostName,
    string? ClientId);
