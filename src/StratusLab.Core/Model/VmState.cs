namespace StratusLab.Core;

/// <summary>Where a VM stands in its life.</summary>
public enum VmState
{
    /// <summary>The host reports a state this version does not know.</summary>
    Unknown,

    /// <summary>Asked for, not yet running.</summary>
    Pending,

    /// <summary>The guest executes.</summary>
    Running,

    /// <summary>Held in memory, not executing.</summary>
    Suspended,

    /// <summary>Shutting down.</summary>
    Stopping,

    /// <summary>Powered off; the disk is kept.</summary>
    Stopped,

    /// <summary>Ended by a fault of the guest or of the hypervisor.</summary>
    Crashed,
}
