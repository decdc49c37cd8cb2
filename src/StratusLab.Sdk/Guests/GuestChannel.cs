namespace StratusLab.Sdk;

/// <summary>The way into a guest.</summary>
public enum GuestChannel
{
    /// <summary>ssh if an address is known and answers there, else the guest agent.</summary>
    Auto,

    /// <summary>The system's OpenSSH.</summary>
    Ssh,

    /// <summary>The guest agent, which needs no network.</summary>
    Agent,
}
