namespace StratusLab.Core;

/// <summary>How a command of a batch system ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Error">What it said on standard error.</param>
/// <param name="Output">What was read of its standard output; nothing where <paramref name="Broken"/> is not null.</param>
/// <param name="Broken">
/// Why its output was not understood. A command that failed wrote nothing, or half: its exit code and words are then worth more than this.
/// </param>
public sealed record BatchCommandResult<T>(int ExitCode, string Error, T? Output, HostProtocolException? Broken);
