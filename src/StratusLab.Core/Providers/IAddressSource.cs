namespace StratusLab.Core;

/// <summary>A host that can say where it looked for a VM's addresses and why there is none.</summary>
public interface IAddressSource
{
    /// <summary>Asks all sources at once: DHCP lease, guest agent, ARP.</summary>
    Task<AddressReport> FindAddressesAsync(VmId vm, CancellationToken cancellationToken = default);
}
