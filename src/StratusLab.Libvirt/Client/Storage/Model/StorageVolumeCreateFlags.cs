namespace StratusLab.Libvirt;

/// <summary>How a volume is made (<c>virStorageVolCreateFlags</c>).</summary>
[Flags]
public enum StorageVolumeCreateFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA</c></summary>
    PreallocateMetadata = 1u << 0,

    /// <summary><c>VIR_STORAGE_VOL_CREATE_REFLINK</c></summary>
    Reflink = 1u << 1,

    /// <summary><c>VIR_STORAGE_VOL_CREATE_VALIDATE</c></summary>
    Validate = 1u << 2,
}
