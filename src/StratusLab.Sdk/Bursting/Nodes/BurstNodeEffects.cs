namespace StratusLab.Sdk;

/// <summary>What is to be done about a node now. It follows from what is known, so that what was lost is done again.</summary>
[Flags]
internal enum BurstNodeEffects
{
    None = 0,

    /// <summary>Tell the batch system address, instance and type.</summary>
    Tell = 1,

    /// <summary>Have the batch system give it no more jobs.</summary>
    Drain = 1 << 1,

    /// <summary>Have the batch system count it as failed.</summary>
    Down = 1 << 2,

    /// <summary>Have the batch system count it as powered down.</summary>
    GiveBack = 1 << 3,

    /// <summary>Have the batch system take back that its name is drained or down.</summary>
    Resume = 1 << 6,

    /// <summary>Remove it from the host.</summary>
    Remove = 1 << 4,

    /// <summary>Find out what became of its launch, by making it again.</summary>
    Replay = 1 << 5,
}
