namespace StratusLab.Libvirt;

/// <summary>Stands where events were dropped because the reader was too slow: what is known of the domains must be read anew.</summary>
/// <param name="Count">How many were dropped.</param>
public sealed record EventsLost(int Count) : DomainEvent;
