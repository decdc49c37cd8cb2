namespace StratusLab.Sdk;

/// <summary>What is to be done.</summary>
public enum BurstDecisionKind
{
    /// <summary>Nothing yet: the job goes on waiting for local nodes.</summary>
    Deny,

    /// <summary>Nothing, ever: the job cannot run on burst nodes under this policy.</summary>
    Refuse,

    /// <summary>Let the job onto burst nodes.</summary>
    AllowOnBurst,

    /// <summary>Launch nodes.</summary>
    Launch,

    /// <summary>Keep an idle node for a while.</summary>
    KeepIdle,

    /// <summary>Give the node no more jobs, and give it back once it has none.</summary>
    Drain,

    /// <summary>Tell people; nothing else.</summary>
    Warn,
}
