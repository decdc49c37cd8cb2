namespace StratusLab.Libvirt;

/// <summary>How a snapshot is made (<c>virDomainSnapshotCreateFlags</c>).</summary>
[Flags]
public enum SnapshotCreateFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE</c></summary>
    Redefine = 1u << 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT</c></summary>
    Current = 1u << 1,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA</c></summary>
    NoMetadata = 1u << 2,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_HALT</c></summary>
    Halt = 1u << 3,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY</c></summary>
    DiskOnly = 1u << 4,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT</c></summary>
    ReuseExternal = 1u << 5,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE</c></summary>
    Quiesce = 1u << 6,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC</c></summary>
    Atomic = 1u << 7,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_LIVE</c></summary>
    Live = 1u << 8,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_CREATE_VALIDATE</c></summary>
    Validate = 1u << 9,
}
