namespace StratusLab.Libvirt;

/// <summary>A domain was defined, started, stopped and so on.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Change">What happened.</param>
/// <param name="Detail">Why, a number whose meaning depends on the change (<c>virDomainEventStoppedDetailType</c> and its siblings in libvirt/libvirt-domain.h).</param>
public sealed record DomainLifecycleEvent(DomainRef Domain, DomainLifecycleChange Change, int Detail) : DomainEvent;
