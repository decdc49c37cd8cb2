namespace StratusLab.Core;

/// <summary>Whether a node of a batch system takes jobs.</summary>
public enum BatchNodeState
{
    /// <summary>In a state that this version does not know.</summary>
    Unknown,

    /// <summary>Free.</summary>
    Idle,

    /// <summary>Runs jobs; part of it may be free.</summary>
    Allocated,

    /// <summary>A cloud node that is off, and that the batch system may ask for.</summary>
    PoweredDown,

    /// <summary>A cloud node that was asked for and has not registered yet.</summary>
    PoweringUp,

    /// <summary>A cloud node that is being given back.</summary>
    PoweringDown,

    /// <summary>Takes no new jobs; those that it has run to their end.</summary>
    Draining,

    /// <summary>Takes no jobs and has none.</summary>
    Drained,

    /// <summary>Does not answer, or was set down.</summary>
    Down,
}
