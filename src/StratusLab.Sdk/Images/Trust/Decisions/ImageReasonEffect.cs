namespace StratusLab.Sdk;

/// <summary>What a reason does to a decision.</summary>
public enum ImageReasonEffect
{
    /// <summary>It speaks for the launch.</summary>
    Permits,

    /// <summary>It speaks against the launch and does not prevent it.</summary>
    Warns,

    /// <summary>It prevents the launch.</summary>
    Refuses,
}
