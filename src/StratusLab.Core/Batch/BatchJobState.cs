namespace StratusLab.Core;

/// <summary>Where a job of a batch system stands, as far as growing a centre has to know.</summary>
public enum BatchJobState
{
    /// <summary>Waits for nodes and may start.</summary>
    Pending,

    /// <summary>Waits for something that no node can give it: a dependency, a hold, a begin time, a limit of its account.</summary>
    Held,

    /// <summary>Has nodes that are still being made ready for it.</summary>
    Configuring,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Is ending; its nodes are not free yet.</summary>
    Completing,
}
