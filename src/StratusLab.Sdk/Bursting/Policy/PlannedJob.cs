using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A job as the planner keeps it: times in milliseconds since 1970.</summary>
internal sealed class PlannedJob : IComparable<PlannedJob>
{
    /// <summary>Stands for no time limit; far away, and far from overflow.</summary>
    public const long NoLimit = long.MaxValue / 8;

    public PlannedJob(BatchJob job, LocalNodes local)
    {
        Job = job;
        Limit = job.TimeLimit is { } limit ? (long)limit.TotalMilliseconds : NoLimit;
        Submitted = job.SubmittedAt.ToUnixTimeMilliseconds();
        Nodes = Math.Max(1, job.NodeCount);
        IsLocal = job.StartedAt is not null && job.Nodes.Count > 0 && local.Contains(job.Nodes[0]);
        ExpectedEnd = job.StartedAt is { } started ? started.ToUnixTimeMilliseconds() + Limit : 0;
        CandidateNodes = job.StartedAt is null ? local.CountFitting(job) : 0;
        TakesWholeNodes = local.TakesWholeNodes(job);
    }

    public BatchJob Job { get; }

    public long Limit { get; }

    public long Submitted { get; }

    public int Nodes { get; }

    public long ExpectedEnd { get; }

    /// <summary>Runs on local nodes.</summary>
    public bool IsLocal { get; }

    /// <summary>Local nodes that have what it asks for, however busy.</summary>
    public int CandidateNodes { get; }

    public bool TakesWholeNodes { get; }

    public bool Runs => Job.StartedAt is not null;

    // The order of a queue: the greater priority, the earlier submission, the identity to make it total.
    public int CompareTo(PlannedJob? other)
    {
        if (other is null) return 1;
        var order = other.Job.Priority.CompareTo(Job.Priority);
        if (order == 0) order = Submitted.CompareTo(other.Submitted);
        if (order == 0) order = Job.Id.Length.CompareTo(other.Job.Id.Length);
        return order != 0 ? order : string.CompareOrdinal(Job.Id, other.Job.Id);
    }

    public static int CompareEnds(PlannedJob left, PlannedJob right)
    {
        var order = left.ExpectedEnd.CompareTo(right.ExpectedEnd);
        return order != 0 ? order : left.CompareTo(right);
    }
}
