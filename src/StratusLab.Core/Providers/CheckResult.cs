namespace StratusLab.Core;

/// <summary>How a check went.</summary>
public enum CheckResult
{
    /// <summary>As it should be.</summary>
    Passed,

    /// <summary>Works, but not as well as it could.</summary>
    Warning,

    /// <summary>Stands in the way of work.</summary>
    Failed,

    /// <summary>Could not be checked because of an earlier failure.</summary>
    Skipped,
}
