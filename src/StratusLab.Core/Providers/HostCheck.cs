namespace StratusLab.Core;

/// <summary>One thing a host needs, and whether it has it.</summary>
/// <param name="Host">The registered name of the host.</param>
/// <param name="Name">What was checked, such as <c>Storage pool</c>.</param>
/// <param name="Result">How it went.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do about it, unless it passed.</param>
public sealed record HostCheck(string Host, string Name, CheckResult Result, string Detail, string? Remedy = null);
