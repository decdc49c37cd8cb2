namespace StratusLab.Libvirt;

/// <summary>An IP address of a guest (<c>virDomainIPAddress</c>).</summary>
/// <param name="Kind">IPv4 or IPv6.</param>
/// <param name="Address">The address as text.</param>
/// <param name="Prefix">Length of the network prefix, in bits.</param>
public readonly record struct DomainIPAddress(IPAddressKind Kind, string Address, int Prefix);
