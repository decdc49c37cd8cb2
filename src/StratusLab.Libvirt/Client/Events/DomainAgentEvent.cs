namespace StratusLab.Libvirt;

/// <summary>A guest agent came or went.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="State">Whether the agent's channel is now open.</param>
/// <param name="Reason">Why (<c>virConnectDomainEventAgentLifecycleReason</c>): 0 unknown, 1 the domain started, 2 the channel changed.</param>
public sealed record DomainAgentEvent(DomainRef Domain, GuestAgentState State, int Reason) : DomainEvent;
