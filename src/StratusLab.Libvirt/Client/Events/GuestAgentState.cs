namespace StratusLab.Libvirt;

/// <summary>The state of a guest agent's channel (<c>virConnectDomainEventAgentLifecycleState</c>).</summary>
public enum GuestAgentState
{
    /// <summary><c>VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED</c></summary>
    Connected = 1,

    /// <summary><c>VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_DISCONNECTED</c></summary>
    Disconnected = 2,
}
