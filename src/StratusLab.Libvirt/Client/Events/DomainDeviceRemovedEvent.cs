namespace StratusLab.Libvirt;

/// <summary>A guest let go of a device, which is now detached.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="DeviceAlias">The device's alias in the domain's XML.</param>
public sealed record DomainDeviceRemovedEvent(DomainRef Domain, string DeviceAlias) : DomainEvent;
