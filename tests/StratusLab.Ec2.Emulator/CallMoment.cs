namespace StratusLab.Ec2.Emulator;

/// <summary>How far a call has come.</summary>
public enum CallMoment
{
    /// <summary>It has arrived, and nothing is done.</summary>
    BeforeEffect,

    /// <summary>It is done, and nothing answered.</summary>
    BeforeReply,

    /// <summary>It is answered.</summary>
    AfterReply,
}
