namespace StratusLab.Sdk;

/// <summary>One step in the life of a burst node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Generation">Which life of it.</param>
/// <param name="From">Where it stood; null for a life that began.</param>
/// <param name="To">Where it stood then.</param>
/// <param name="Cause">Why.</param>
/// <param name="Detail">More about that, for people; null for nothing.</param>
/// <param name="At">When, in UTC.</param>
public sealed record BurstTransition(string Node, int Generation, BurstNodeState? From, BurstNodeState To, BurstNodeCause Cause, string? Detail, DateTimeOffset At);
