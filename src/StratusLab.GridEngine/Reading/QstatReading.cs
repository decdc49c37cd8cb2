namespace StratusLab.GridEngine;

/// <summary>What <c>qstat</c> told: jobs, and each queue's limit of their time.</summary>
internal sealed record QstatReading(IReadOnlyList<QueuedJob> Jobs, IReadOnlyDictionary<string, TimeSpan?> TimeLimits);
