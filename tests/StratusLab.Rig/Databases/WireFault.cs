namespace StratusLab.Rig.Databases;

/// <summary>What happens to the connection on which a transaction is committed next.</summary>
public enum WireFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It breaks before the server hears of it.</summary>
    CommitLost,

    /// <summary>It breaks when the server has done it.</summary>
    AnswerLost,
}
