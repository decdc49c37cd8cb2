namespace StratusLab.Core;

/// <summary>How far a request got before the connection failed.</summary>
public enum RequestState
{
    /// <summary>It may or may not have left.</summary>
    Unknown,

    /// <summary>It never left: nothing happened at the far end.</summary>
    NotSent,

    /// <summary>It left; whether it took effect must be looked up.</summary>
    Sent,
}
