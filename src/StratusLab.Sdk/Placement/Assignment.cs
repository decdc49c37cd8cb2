namespace StratusLab.Sdk;

/// <summary>Where a VM goes and why, or why it goes nowhere.</summary>
/// <param name="Host">The host; null for none.</param>
/// <param name="Reason">Why, for people.</param>
internal readonly record struct Assignment(string? Host, string Reason);
