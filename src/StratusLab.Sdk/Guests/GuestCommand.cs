namespace StratusLab.Sdk;

/// <summary>What to run in guests: a command line or a script, not both.</summary>
public sealed record GuestCommand : GuestAccess
{
    /// <summary>A command line, interpreted by the guest's shell as if typed there.</summary>
    public string? CommandLine { get; init; }

    /// <summary>A POSIX shell script, given to <c>sh</c> in the guest on standard input, so that it needs no quoting.</summary>
    public string? Script { get; init; }

    /// <summary>Arguments of the command line or script, handed over unchanged, whatever characters they have.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How long one guest may take; what runs longer fails with <c>GuestCommandTimeout</c>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many guests are worked on at once, 1 to 256.</summary>
    public int ThrottleLimit { get; init; } = 32;
}
