namespace StratusLab.Sdk;

/// <summary>Where a burst node stands, as far as deciding needs to know.</summary>
public enum BurstNodePhase
{
    /// <summary>Asked for or booting; it takes no job yet, and is paid for.</summary>
    Booting,

    /// <summary>Ready, and no job runs on it.</summary>
    Idle,

    /// <summary>A job runs on it.</summary>
    Active,

    /// <summary>On its way out; it takes no job, and is paid for until it is gone.</summary>
    Draining,
}
