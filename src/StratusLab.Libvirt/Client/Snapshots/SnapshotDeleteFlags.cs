namespace StratusLab.Libvirt;

/// <summary>What is deleted with a snapshot (<c>virDomainSnapshotDeleteFlags</c>).</summary>
[Flags]
public enum SnapshotDeleteFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN</c></summary>
    Children = 1u << 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY</c></summary>
    MetadataOnly = 1u << 1,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY</c></summary>
    ChildrenOnly = 1u << 2,
}
