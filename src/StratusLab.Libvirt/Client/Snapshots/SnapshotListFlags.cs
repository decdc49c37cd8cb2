namespace StratusLab.Libvirt;

/// <summary>Which snapshots are listed (<c>virDomainSnapshotListFlags</c>).</summary>
[Flags]
public enum SnapshotListFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_ROOTS</c></summary>
    Roots = 1u << 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_LEAVES</c></summary>
    Leaves = 1u << 2,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_NO_LEAVES</c></summary>
    NoLeaves = 1u << 3,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_METADATA</c></summary>
    Metadata = 1u << 1,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_NO_METADATA</c></summary>
    NoMetadata = 1u << 4,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_INACTIVE</c></summary>
    Inactive = 1u << 5,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_ACTIVE</c></summary>
    Active = 1u << 6,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_DISK_ONLY</c></summary>
    DiskOnly = 1u << 7,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_INTERNAL</c></summary>
    Internal = 1u << 8,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_EXTERNAL</c></summary>
    External = 1u << 9,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL</c></summary>
    Topological = 1u << 10,
}
