namespace StratusLab.Core;

/// <summary>What a batch system shall do with a node.</summary>
public enum BatchNodeAction
{
    /// <summary>Give it no new jobs, and let those that it has run to their end.</summary>
    Drain,

    /// <summary>Give it jobs again.</summary>
    Resume,

    /// <summary>Count it as failed: its jobs are ended, or put back into the queue where they allow it.</summary>
    Down,

    /// <summary>Count it as powered down, so that it may be asked for anew.</summary>
    PowerDown,
}
