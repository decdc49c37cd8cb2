namespace StratusLab.Build;

internal enum TestOutcome
{
    Passed,
    Failed,
    Skipped,
}
