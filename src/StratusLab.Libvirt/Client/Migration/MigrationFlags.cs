namespace StratusLab.Libvirt;

/// <summary>How a domain is migrated (<c>virDomainMigrateFlags</c>).</summary>
[Flags]
public enum MigrationFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_MIGRATE_LIVE</c></summary>
    Live = 1u << 0,

    /// <summary><c>VIR_MIGRATE_PEER2PEER</c></summary>
    PeerToPeer = 1u << 1,

    /// <summary><c>VIR_MIGRATE_TUNNELLED</c></summary>
    Tunnelled = 1u << 2,

    /// <summary><c>VIR_MIGRATE_PERSIST_DEST</c></summary>
    PersistDestination = 1u << 3,

    /// <summary><c>VIR_MIGRATE_UNDEFINE_SOURCE</c></summary>
    UndefineSource = 1u << 4,

    /// <summary><c>VIR_MIGRATE_PAUSED</c></summary>
    Paused = 1u << 5,

    /// <summary><c>VIR_MIGRATE_NON_SHARED_DISK</c></summary>
    NonSharedDisk = 1u << 6,

    /// <summary><c>VIR_MIGRATE_NON_SHARED_INC</c></summary>
    NonSharedIncremental = 1u << 7,

    /// <summary><c>VIR_MIGRATE_CHANGE_PROTECTION</c></summary>
    ChangeProtection = 1u << 8,

    /// <summary><c>VIR_MIGRATE_UNSAFE</c></summary>
    Unsafe = 1u << 9,

    /// <summary><c>VIR_MIGRATE_OFFLINE</c></summary>
    Offline = 1u << 10,

    /// <summary><c>VIR_MIGRATE_COMPRESSED</c></summary>
    Compressed = 1u << 11,

    /// <summary><c>VIR_MIGRATE_ABORT_ON_ERROR</c></summary>
    AbortOnError = 1u << 12,

    /// <summary><c>VIR_MIGRATE_AUTO_CONVERGE</c></summary>
    AutoConverge = 1u << 13,

    /// <summary><c>VIR_MIGRATE_RDMA_PIN_ALL</c></summary>
    RdmaPinAll = 1u << 14,

    /// <summary><c>VIR_MIGRATE_POSTCOPY</c></summary>
    PostCopy = 1u << 15,

    /// <summary><c>VIR_MIGRATE_TLS</c></summary>
    Tls = 1u << 16,

    /// <summary><c>VIR_MIGRATE_PARALLEL</c></summary>
    Parallel = 1u << 17,

    /// <summary><c>VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES</c></summary>
    NonSharedSynchronousWrites = 1u << 18,

    /// <summary><c>VIR_MIGRATE_POSTCOPY_RESUME</c></summary>
    PostCopyResume = 1u << 19,

    /// <summary><c>VIR_MIGRATE_ZEROCOPY</c></summary>
    ZeroCopy = 1u << 20,
}
