namespace StratusLab.Core;

/// <summary>A program to be run in a guest.</summary>
/// <param name="Path">The program, such as <c>/bin/sh</c>.</param>
/// <param name="Arguments">Its arguments, passed as they are, never through a shell.</param>
/// <param name="Input">What it reads on standard input; empty for nothing.</param>
public sealed record GuestProcess(string Path, IReadOnlyList<string> Arguments, ReadOnlyMemory<byte> Input = default);
