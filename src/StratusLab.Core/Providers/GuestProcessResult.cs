namespace StratusLab.Core;

/// <summary>How a program in a guest ended.</summary>
/// <param name="ExitCode">Its exit code; 128 plus the signal if a signal ended it.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
/// <param name="IsTruncated">Whether the agent cut output or error.</param>
public sealed record GuestProcessResult(int ExitCode, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Error, bool IsTruncated);
