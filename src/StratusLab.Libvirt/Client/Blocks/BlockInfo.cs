namespace StratusLab.Libvirt;

/// <summary>Sizes of a domain's disk (<c>virDomainBlockInfo</c>).</summary>
/// <param name="Allocation">Bytes written so far.</param>
/// <param name="Capacity">Size that the guest sees, in bytes.</param>
/// <param name="Physical">Size of the file or device on the host, in bytes.</param>
public readonly record struct BlockInfo(ulong Allocation, ulong Capacity, ulong Physical);
