namespace StratusLab.Libvirt;

/// <summary>A domain's size and use (<c>virDomainInfo</c>).</summary>
/// <param name="State">The state.</param>
/// <param name="MaximumMemory">Memory that the domain may have, in KiB.</param>
/// <param name="Memory">Memory that the domain has, in KiB.</param>
/// <param name="VirtualCpus">Number of virtual CPUs.</param>
/// <param name="CpuTime">CPU time used since the start, in nanoseconds.</param>
public readonly record struct DomainInfo(DomainState State, ulong MaximumMemory, ulong Memory, int VirtualCpus, ulong CpuTime);
