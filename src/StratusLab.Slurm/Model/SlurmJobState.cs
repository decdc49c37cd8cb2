using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>What Slurm's job states and reasons mean for a job that might be given more nodes.</summary>
internal static class SlurmJobState
{
    // States of a job that has ended, unless COMPLETING beside them says that its nodes are not free yet.
    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal)
    {
        "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY", "REVOKED", "LAUNCH_FAILED", "RECONFIG_FAIL",
    };

    private static readonly HashSet<string> Requeued = new(StringComparer.Ordinal) { "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD" };

    // Reasons that more nodes can cure, or that pass by themselves. Every other one holds a job: where a reason is not known, no money is spent.
    private static readonly HashSet<string> Waiting = new(StringComparer.OrdinalIgnoreCase)
    {
        string.Empty, "None", "Resources", "Priority", "ReqNodeNotAvail", "NodeDown", "PartitionNodeLimit", "Cleaning", "WaitingForScheduling", "SchedDefer", "Max_Requeue_Wait",
    };

    /// <summary>Whether it has ended and holds no nodes.</summary>
    public static bool HasEnded(IReadOnlyList<string> states) =>
        states.Any(Ended.Contains) && !states.Contains("COMPLETING") && !states.Any(Requeued.Contains);

    /// <summary>Where a job stands that has not ended.</summary>
    public static BatchJobState Of(SlurmJob job)
    {
        var states = job.States;
        if (states.Contains("COMPLETING") || states.Contains("STAGE_OUT") || states.Any(Ended.Contains)) return BatchJobState.Completing;
        if (states.Any(Requeued.Contains)) return BatchJobState.Held;
        if (states.Contains("CONFIGURING") || states.Contains("POWER_UP_NODE")) return BatchJobState.Configuring;
        if (!states.Contains("PENDING")) return BatchJobState.Running;
        return job.Priority > 0 && IsWaiting(job.Reason) ? BatchJobState.Pending : BatchJobState.Held;
    }

    // The reason may have more behind it: "ReqNodeNotAvail, UnavailableNodes:n[1-2]", and a sentence in place of Resources.
    private static bool IsWaiting(string reason)
    {
        var comma = reason.IndexOf(',', StringComparison.Ordinal);
        return Waiting.Contains(comma < 0 ? reason : reason[..comma]) || reason.StartsWith("Nodes required for job are", StringComparison.OrdinalIgnoreCase);
    }
}
