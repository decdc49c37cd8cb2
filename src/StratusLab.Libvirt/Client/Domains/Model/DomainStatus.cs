namespace StratusLab.Libvirt;

/// <summary>A domain's state and the reason for it.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">The reason, a number whose meaning depends on the state (<c>virDomainRunningReason</c>, <c>virDomainShutoffReason</c> and so on in libvirt/libvirt-domain.h).</param>
public readonly record struct DomainStatus(DomainState State, int Reason);
