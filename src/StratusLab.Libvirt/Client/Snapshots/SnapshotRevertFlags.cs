namespace StratusLab.Libvirt;

/// <summary>How a domain goes back to a snapshot (<c>virDomainSnapshotRevertFlags</c>).</summary>
[Flags]
public enum SnapshotRevertFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING</c></summary>
    Running = 1u << 0,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED</c></summary>
    Paused = 1u << 1,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_REVERT_FORCE</c></summary>
    Force = 1u << 2,

    /// <summary><c>VIR_DOMAIN_SNAPSHOT_REVERT_RESET_NVRAM</c></summary>
    ResetNvram = 1u << 3,
}
