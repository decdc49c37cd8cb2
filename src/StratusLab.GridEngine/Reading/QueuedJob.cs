namespace StratusLab.GridEngine;

/// <summary>A job, a task of one, or its part on one host, as <c>qstat</c> tells it. What it does not say is empty.</summary>
internal sealed record QueuedJob
{
    public long Id { get; set; }

    public string Name { get; set; } = string.Empty;

    public string Owner { get; set; } = string.Empty;

    public string State { get; set; } = string.Empty;

    public double Priority { get; set; }

    public int Slots { get; set; } = 1;

    /// <summary>A task's number, or all that wait of an array such as <c>3-9:2</c>.</summary>
    public string Tasks { get; set; } = string.Empty;

    public DateTimeOffset? SubmittedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public string ParallelEnvironment { get; set; } = string.Empty;

    /// <summary>The slots asked of it, as a number or ranges such as <c>2-4</c>.</summary>
    public string ParallelRange { get; set; } = string.Empty;

    public Dictionary<string, string> Requests { get; } = new(StringComparer.Ordinal);

    public List<string> Queues { get; } = [];

    /// <summary>The queue instance that it runs in, <c>queue@host</c>; empty while it waits.</summary>
    public string Instance { get; set; } = string.Empty;
}
