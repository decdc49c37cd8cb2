namespace StratusLab.Sdk;

/// <summary>
/// What will be free of the local nodes, and when. Jobs are put into it in the order of the queue, each as early as it can start without
/// delaying one that was put in before it: the first job's reservation holds as in EASY backfill, and so does every later one.
/// </summary>
internal abstract class LocalProfile
{
    /// <summary>A job that should have ended by now counts on for so long.</summary>
    protected const long Overrun = 60_000;

    /// <summary>Stands for never.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Begins anew with what runs, sorted by expected end.</summary>
    public abstract void Reset(long now, IReadOnlyList<PlannedJob> running);

    /// <summary>When a job can start at the earliest; <see cref="Never"/> if at no time.</summary>
    public abstract long FindStart(PlannedJob job);

    /// <summary>Keeps the nodes for the job that was asked for last, from the start that was found.</summary>
    public abstract void Reserve(PlannedJob job);
}
