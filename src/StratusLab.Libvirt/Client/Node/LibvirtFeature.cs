namespace StratusLab.Libvirt;

/// <summary>Features that a server or driver may have (<c>virDrvFeature</c> in src/libvirt_internal.h).</summary>
public enum LibvirtFeature
{
    /// <summary>Peer-to-peer migration (<c>VIR_DRV_FEATURE_MIGRATION_P2P</c>).</summary>
    MigrationPeerToPeer = 4,

    /// <summary>The third version of the migration protocol (<c>VIR_DRV_FEATURE_MIGRATION_V3</c>).</summary>
    MigrationV3 = 6,

    /// <summary>Keeping a domain from changes while it migrates (<c>VIR_DRV_FEATURE_MIGRATE_CHANGE_PROTECTION</c>).</summary>
    MigrationChangeProtection = 7,

    /// <summary>Typed parameters that are texts (<c>VIR_DRV_FEATURE_TYPED_PARAM_STRING</c>).</summary>
    TypedParameterStrings = 9,

    /// <summary>The keepalive program (<c>VIR_DRV_FEATURE_PROGRAM_KEEPALIVE</c>). Asking for it makes the server send keepalive requests too.</summary>
    KeepAlive = 10,

    /// <summary>Migration of domains that do not run (<c>VIR_DRV_FEATURE_MIGRATION_OFFLINE</c>).</summary>
    MigrationOffline = 12,

    /// <summary>Migration with typed parameters (<c>VIR_DRV_FEATURE_MIGRATION_PARAMS</c>).</summary>
    MigrationParameters = 13,

    /// <summary>Events filtered by the server (<c>VIR_DRV_FEATURE_REMOTE_EVENT_CALLBACK</c>).</summary>
    EventCallbacks = 14,
}
