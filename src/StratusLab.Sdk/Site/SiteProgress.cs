namespace StratusLab.Sdk;

/// <summary>How far a piece of work on many VMs is.</summary>
/// <param name="Activity">What is being done, such as <c>Creating VMs</c>.</param>
/// <param name="Done">How many are done, well or badly.</param>
/// <param name="Total">How many there are.</param>
/// <param name="WaitingFor">What is being waited for now; null for nothing in particular.</param>
/// <param name="Fraction">How far that is, from 0 to 1; null where it cannot be told.</param>
public readonly record struct SiteProgress(string Activity, int Done, int Total, string? WaitingFor, double? Fraction);
