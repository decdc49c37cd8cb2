namespace StratusLab.Libvirt;

/// <summary>What goes with a definition that is removed (<c>virDomainUndefineFlagsValues</c>).</summary>
[Flags]
public enum DomainUndefineFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_UNDEFINE_MANAGED_SAVE</c></summary>
    ManagedSave = 1u << 0,

    /// <summary><c>VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA</c></summary>
    SnapshotsMetadata = 1u << 1,

    /// <summary><c>VIR_DOMAIN_UNDEFINE_NVRAM</c></summary>
    Nvram = 1u << 2,

    /// <summary><c>VIR_DOMAIN_UNDEFINE_KEEP_NVRAM</c></summary>
    KeepNvram = 1u << 3,

    /// <summary><c>VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA</c></summary>
    CheckpointsMetadata = 1u << 4,

    /// <summary><c>VIR_DOMAIN_UNDEFINE_TPM</c></summary>
    Tpm = 1u << 5,

    /// <summary><c>VIR_DOMAIN_UNDEFINE_KEEP_TPM</c></summary>
    KeepTpm = 1u << 6,
}
