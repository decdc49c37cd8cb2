namespace StratusLab.Core;

/// <summary>What is asked of a burst about its nodes.</summary>
public enum BurstRequestKind
{
    /// <summary>The batch system wants nodes.</summary>
    Resume,

    /// <summary>The batch system gives nodes back.</summary>
    Suspend,

    /// <summary>The host has told nodes that it takes them away.</summary>
    Interrupt,
}
