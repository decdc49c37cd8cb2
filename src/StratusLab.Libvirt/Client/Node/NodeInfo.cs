namespace StratusLab.Libvirt;

/// <summary>The host's hardware (<c>virNodeInfo</c>).</summary>
/// <param name="Model">The CPU model, for example x86_64.</param>
/// <param name="Memory">Memory in KiB.</param>
/// <param name="Cpus">Number of active CPUs.</param>
/// <param name="MegaHertz">Clock of the CPUs in MHz, 0 when not known.</param>
/// <param name="NumaNodes">Number of NUMA cells.</param>
/// <param name="Sockets">CPU sockets per NUMA cell.</param>
/// <param name="Cores">Cores per socket.</param>
/// <param name="Threads">Threads per core.</param>
public sealed record NodeInfo(string Model, ulong Memory, int Cpus, int MegaHertz, int NumaNodes, int Sockets, int Cores, int Threads);
