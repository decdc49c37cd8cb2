using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What came of a command in one guest.</summary>
public sealed record GuestCommandResult
{
    /// <summary>The VM.</summary>
    public required VmId VmId { get; init; }

    /// <summary>The VM's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host that runs it.</summary>
    public string Host => VmId.Host;

    /// <summary>The exit code; null where the command could not be run or did not end.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What it wrote to standard output, decoded as UTF-8.</summary>
    public string Output { get; init; } = string.Empty;

    /// <summary>What it wrote to standard error, decoded as UTF-8.</summary>
    public string Error { get; init; } = string.Empty;

    /// <summary>Whether output or error were cut at <see cref="GuestService.MaxOutput"/>.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The way that was taken.</summary>
    public GuestChannel Channel { get; init; }

    /// <summary>Why it could not be run; null if it was, whatever its exit code.</summary>
    public StratusException? Failure { get; init; }

    /// <summary>Whether it ran and ended with exit code 0.</summary>
    public bool Succeeded => Failure is null && ExitCode == 0;
}
