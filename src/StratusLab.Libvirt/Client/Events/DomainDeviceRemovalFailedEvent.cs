namespace StratusLab.Libvirt;

/// <summary>A guest refused to let go of a device.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="DeviceAlias">The device's alias in the domain's XML.</param>
public sealed record DomainDeviceRemovalFailedEvent(DomainRef Domain, string DeviceAlias) : DomainEvent;
