namespace StratusLab.Libvirt;

/// <summary>Memory figures of the host (<c>virNodeGetMemoryStats</c>), in KiB; <see langword="null"/> where the server does not tell.</summary>
/// <param name="Total">All memory.</param>
/// <param name="Free">Memory in no use.</param>
/// <param name="Buffers">Memory in buffers.</param>
/// <param name="Cached">Memory in the page cache.</param>
public readonly record struct NodeMemoryStatistics(ulong? Total, ulong? Free, ulong? Buffers, ulong? Cached);
