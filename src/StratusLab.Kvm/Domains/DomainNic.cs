namespace StratusLab.Kvm;

/// <summary>A virtual network interface of a domain.</summary>
/// <param name="Network">The libvirt network that it joins; null where it is joined to something else.</param>
/// <param name="HardwareAddress">Its MAC address.</param>
internal readonly record struct DomainNic(string? Network, string HardwareAddress);
