namespace StratusLab.Libvirt;

/// <summary>A device was added to a running domain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="DeviceAlias">The device's alias in the domain's XML.</param>
public sealed record DomainDeviceAddedEvent(DomainRef Domain, string DeviceAlias) : DomainEvent;
