namespace StratusLab.Libvirt;

/// <summary>What a domain does (<c>virDomainState</c>).</summary>
public enum DomainState
{
    /// <summary>Not known (<c>VIR_DOMAIN_NOSTATE</c>).</summary>
    NoState = 0,

    /// <summary>Running (<c>VIR_DOMAIN_RUNNING</c>).</summary>
    Running = 1,

    /// <summary>Waiting for something, still running to its user (<c>VIR_DOMAIN_BLOCKED</c>).</summary>
    Blocked = 2,

    /// <summary>Paused by someone or something (<c>VIR_DOMAIN_PAUSED</c>).</summary>
    Paused = 3,

    /// <summary>On its way down (<c>VIR_DOMAIN_SHUTDOWN</c>).</summary>
    ShuttingDown = 4,

    /// <summary>Not running (<c>VIR_DOMAIN_SHUTOFF</c>).</summary>
    ShutOff = 5,

    /// <summary>Crashed (<c>VIR_DOMAIN_CRASHED</c>).</summary>
    Crashed = 6,

    /// <summary>Asleep by the guest's power management (<c>VIR_DOMAIN_PMSUSPENDED</c>).</summary>
    PMSuspended = 7,
}
