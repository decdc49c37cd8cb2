namespace StratusLab.Build;

/// <summary>One test's outcome; the message says why it failed or was skipped.</summary>
internal sealed record TestResult(string Name, TestOutcome Outcome, string Message = "");
