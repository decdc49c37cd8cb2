namespace StratusLab.Libvirt;

/// <summary>The kinds of events that can be watched (<c>virDomainEventID</c>, whose numbers are the bits' places).</summary>
[Flags]
public enum DomainEventKinds : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="DomainLifecycleEvent"/>.</summary>
    Lifecycle = 1u << 0,

    /// <summary><see cref="DomainRebootEvent"/>.</summary>
    Reboot = 1u << 1,

    /// <summary><see cref="DomainDeviceRemovedEvent"/>.</summary>
    DeviceRemoved = 1u << 15,

    /// <summary><see cref="DomainAgentEvent"/>.</summary>
    Agent = 1u << 18,

    /// <summary><see cref="DomainDeviceAddedEvent"/>.</summary>
    DeviceAdded = 1u << 19,

    /// <summary><see cref="DomainMigrationIterationEvent"/>.</summary>
    MigrationIteration = 1u << 20,

    /// <summary><see cref="DomainJobCompletedEvent"/>.</summary>
    JobCompleted = 1u << 21,

    /// <summary><see cref="DomainDeviceRemovalFailedEvent"/>.</summary>
    DeviceRemovalFailed = 1u << 22,

    /// <summary>All of them.</summary>
    All = Lifecycle | Reboot | DeviceRemoved | Agent | DeviceAdded | MigrationIteration | JobCompleted | DeviceRemovalFailed,
}
