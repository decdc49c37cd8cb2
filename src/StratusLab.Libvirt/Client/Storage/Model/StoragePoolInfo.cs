namespace StratusLab.Libvirt;

/// <summary>A pool's state and sizes (<c>virStoragePoolInfo</c>), as of its last refresh.</summary>
/// <param name="State">The state.</param>
/// <param name="Capacity">Size in bytes.</param>
/// <param name="Allocation">Bytes in use.</param>
/// <param name="Available">Bytes free.</param>
public readonly record struct StoragePoolInfo(StoragePoolState State, ulong Capacity, ulong Allocation, ulong Available);
