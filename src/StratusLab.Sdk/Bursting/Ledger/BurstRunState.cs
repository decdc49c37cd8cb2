namespace StratusLab.Sdk;

/// <summary>Whether a burst grows.</summary>
public enum BurstRunState
{
    /// <summary>It grows and shrinks by its policy.</summary>
    Running,

    /// <summary>It lets no more jobs on and gives its nodes back as they become free.</summary>
    Draining,

    /// <summary>It gives all its nodes back at once.</summary>
    Ending,

    /// <summary>It has no nodes and lets no jobs on.</summary>
    Stopped,
}
