namespace StratusLab.Sdk;

/// <summary>Where a VM goes and why, or why it goes nowhere.</summary>
/// <param name="Host">The host; null for none.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Terms">What it costs there; null where it costs nothing or that is not known.</param>
internal readonly record struct Assignment(string? Host, string Reason, HostTerms? Terms = null);
