namespace StratusLab.Libvirt;

/// <summary>Which pools are listed: flags of one group widen, groups narrow (<c>virConnectListAllStoragePoolsFlags</c>).</summary>
[Flags]
public enum StoragePoolListFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE</c></summary>
    Inactive = 1u << 0,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE</c></summary>
    Active = 1u << 1,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT</c></summary>
    Persistent = 1u << 2,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_TRANSIENT</c></summary>
    Transient = 1u << 3,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART</c></summary>
    Autostart = 1u << 4,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_NO_AUTOSTART</c></summary>
    NoAutostart = 1u << 5,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_DIR</c></summary>
    Directory = 1u << 6,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_FS</c></summary>
    FileSystem = 1u << 7,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_NETFS</c></summary>
    NetFs = 1u << 8,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_LOGICAL</c></summary>
    Logical = 1u << 9,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_DISK</c></summary>
    Disk = 1u << 10,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI</c></summary>
    Iscsi = 1u << 11,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_SCSI</c></summary>
    Scsi = 1u << 12,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_MPATH</c></summary>
    Mpath = 1u << 13,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_RBD</c></summary>
    Rbd = 1u << 14,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_SHEEPDOG</c></summary>
    Sheepdog = 1u << 15,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_GLUSTER</c></summary>
    Gluster = 1u << 16,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_ZFS</c></summary>
    Zfs = 1u << 17,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_VSTORAGE</c></summary>
    Vstorage = 1u << 18,

    /// <summary><c>VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI_DIRECT</c></summary>
    IscsiDirect = 1u << 19,
}
