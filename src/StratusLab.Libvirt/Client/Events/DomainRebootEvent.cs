namespace StratusLab.Libvirt;

/// <summary>A guest restarted.</summary>
/// <param name="Domain">The domain.</param>
public sealed record DomainRebootEvent(DomainRef Domain) : DomainEvent;
