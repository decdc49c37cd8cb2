namespace StratusLab.Sdk;

/// <summary>A job that was let onto burst nodes and has not started yet.</summary>
/// <param name="JobId">The job.</param>
/// <param name="NodesToCome">How many of its nodes are not among the ledger's nodes yet.</param>
/// <param name="PricePerHour">What each of those will cost for an hour with its disk.</param>
/// <param name="CommittedUntil">Until when they are paid for in the worst case, in UTC.</param>
public sealed record BurstGrant(string JobId, int NodesToCome, decimal PricePerHour, DateTimeOffset CommittedUntil);
