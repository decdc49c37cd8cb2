namespace StratusLab.Sdk;

/// <summary>How guests are entered.</summary>
public record GuestAccess
{
    /// <summary>The way in.</summary>
    public GuestChannel Channel { get; init; }

    /// <summary>The user over ssh; null for the image's default user. The agent works as its own user, mostly root.</summary>
    public string? User { get; init; }

    /// <summary>File of the private key; null for what the user's ssh is configured for. Keys with a passphrase need an ssh agent.</summary>
    public string? KeyFile { get; init; }
}
