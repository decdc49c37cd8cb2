namespace StratusLab.Libvirt;

/// <summary>How a volume is resized (<c>virStorageVolResizeFlags</c>).</summary>
[Flags]
public enum StorageVolumeResizeFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_STORAGE_VOL_RESIZE_ALLOCATE</c></summary>
    Allocate = 1u << 0,

    /// <summary><c>VIR_STORAGE_VOL_RESIZE_DELTA</c></summary>
    Delta = 1u << 1,

    /// <summary><c>VIR_STORAGE_VOL_RESIZE_SHRINK</c></summary>
    Shrink = 1u << 2,
}
