namespace StratusLab.Libvirt;

/// <summary>A storage pool as libvirt names it (<c>remote_nonnull_storage_pool</c>).</summary>
/// <param name="Name">The pool's name.</param>
/// <param name="Uuid">The pool's identity.</param>
public readonly record struct StoragePoolRef(string Name, Guid Uuid);
