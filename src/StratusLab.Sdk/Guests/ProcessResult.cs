namespace StratusLab.Sdk;

/// <summary>How a program on this machine ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error, bool IsTruncated);
