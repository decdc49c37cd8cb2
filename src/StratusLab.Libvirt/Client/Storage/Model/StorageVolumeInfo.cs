namespace StratusLab.Libvirt;

/// <summary>A volume's kind and sizes (<c>virStorageVolInfo</c>).</summary>
/// <param name="Type">The kind of volume.</param>
/// <param name="Capacity">Size that a guest sees, in bytes.</param>
/// <param name="Allocation">Size that it takes on the host, in bytes.</param>
public readonly record struct StorageVolumeInfo(StorageVolumeType Type, ulong Capacity, ulong Allocation);
