namespace StratusLab.Libvirt;

/// <summary>The kinds of volumes (<c>virStorageVolType</c>).</summary>
public enum StorageVolumeType
{
    /// <summary><c>VIR_STORAGE_VOL_FILE</c></summary>
    File = 0,

    /// <summary><c>VIR_STORAGE_VOL_BLOCK</c></summary>
    Block = 1,

    /// <summary><c>VIR_STORAGE_VOL_DIR</c></summary>
    Directory = 2,

    /// <summary><c>VIR_STORAGE_VOL_NETWORK</c></summary>
    Network = 3,

    /// <summary><c>VIR_STORAGE_VOL_NETDIR</c></summary>
    NetDirectory = 4,

    /// <summary><c>VIR_STORAGE_VOL_PLOOP</c></summary>
    Ploop = 5,
}
