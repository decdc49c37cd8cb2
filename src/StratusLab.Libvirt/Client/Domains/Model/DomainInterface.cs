namespace StratusLab.Libvirt;

/// <summary>A network interface of a guest and its addresses (<c>virDomainInterface</c>).</summary>
/// <param name="Name">The interface's name: in the guest from the agent, on the host from leases and ARP.</param>
/// <param name="HardwareAddress">The MAC address; <see langword="null"/> when the source does not know it.</param>
/// <param name="Addresses">The addresses.</param>
public sealed record DomainInterface(string Name, string? HardwareAddress, IReadOnlyList<DomainIPAddress> Addresses);
