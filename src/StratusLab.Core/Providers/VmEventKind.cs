namespace StratusLab.Core;

/// <summary>What happened to a VM.</summary>
public enum VmEventKind
{
    /// <summary>It came to be.</summary>
    Created,

    /// <summary>Its state changed.</summary>
    StateChanged,

    /// <summary>It was removed.</summary>
    Removed,

    /// <summary>Events were lost: list again.</summary>
    Lost,
}
