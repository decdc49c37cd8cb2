namespace StratusLab.Libvirt;

/// <summary>A volume as libvirt names it (<c>remote_nonnull_storage_vol</c>).</summary>
/// <param name="Pool">Name of its pool.</param>
/// <param name="Name">Its name within the pool.</param>
/// <param name="Key">Its key, unique on the host: a path for files and block devices.</param>
public readonly record struct StorageVolumeRef(string Pool, string Name, string Key);
