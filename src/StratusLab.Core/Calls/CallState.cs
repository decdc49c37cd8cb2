namespace StratusLab.Core;

/// <summary>What is known of a call.</summary>
public enum CallState
{
    /// <summary>It was about to be made; whether it took effect is not known.</summary>
    Open,

    /// <summary>It took effect; <see cref="JournalledCall.Outcome"/> says which.</summary>
    Done,

    /// <summary>It had no effect and never will: it was refused, or never sent.</summary>
    Refused,
}
