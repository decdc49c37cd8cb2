namespace StratusLab.Libvirt;

/// <summary>A live migration began another pass over the guest's memory.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Iteration">The number of the pass, from 1.</param>
public sealed record DomainMigrationIterationEvent(DomainRef Domain, int Iteration) : DomainEvent;
