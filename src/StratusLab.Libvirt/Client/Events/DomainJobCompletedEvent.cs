namespace StratusLab.Libvirt;

/// <summary>A domain's job, such as a migration, ended.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Parameters">The job's figures, named as at <c>virDomainGetJobStats</c>.</param>
public sealed record DomainJobCompletedEvent(DomainRef Domain, TypedParameterList Parameters) : DomainEvent;
