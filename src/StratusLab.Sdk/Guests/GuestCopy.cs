namespace StratusLab.Sdk;

/// <summary>What to copy between this machine and guests.</summary>
public sealed record GuestCopy : GuestAccess
{
    /// <summary>The file or folder to copy.</summary>
    public required string Source { get; init; }

    /// <summary>Where it goes. Files from more than one VM go to <c>destination/vm-name/</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>Which way.</summary>
    public GuestCopyDirection Direction { get; init; }

    /// <summary>Copy folders with all that is in them; over ssh only.</summary>
    public bool Recurse { get; init; }

    /// <summary>How long one guest may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many guests are worked on at once, 1 to 256.</summary>
    public int ThrottleLimit { get; init; } = 16;
}
