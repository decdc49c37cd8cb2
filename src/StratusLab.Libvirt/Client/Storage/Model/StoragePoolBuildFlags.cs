namespace StratusLab.Libvirt;

/// <summary>How a pool's storage is made (<c>virStoragePoolBuildFlags</c>).</summary>
[Flags]
public enum StoragePoolBuildFlags : uint
{
    /// <summary><c>VIR_STORAGE_POOL_BUILD_NEW</c></summary>
    New = 0,

    /// <summary><c>VIR_STORAGE_POOL_BUILD_REPAIR</c></summary>
    Repair = 1u << 0,

    /// <summary><c>VIR_STORAGE_POOL_BUILD_RESIZE</c></summary>
    Resize = 1u << 1,

    /// <summary><c>VIR_STORAGE_POOL_BUILD_NO_OVERWRITE</c></summary>
    NoOverwrite = 1u << 2,

    /// <summary><c>VIR_STORAGE_POOL_BUILD_OVERWRITE</c></summary>
    Overwrite = 1u << 3,
}
