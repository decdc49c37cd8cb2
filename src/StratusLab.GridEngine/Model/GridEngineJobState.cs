using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>What the letters of a job's state mean. Where they are not known a job that waits is held: no money is spent on it.</summary>
internal static class GridEngineJobState
{
    public static BatchJobState Of(QueuedJob job)
    {
        var state = job.State;
        if (job.Instance.Length > 0)
        {
            if (state.Contains('d', StringComparison.Ordinal)) return BatchJobState.Completing;
            return state.Contains('t', StringComparison.Ordinal) ? BatchJobState.Configuring : BatchJobState.Running;
        }

        // Jobs that a dependency or a begin time holds have no priority yet, nor have those that the scheduler has not looked at.
        return state is "qw" or "Rq" or "Rqw" && job.Priority > 0 ? BatchJobState.Pending : BatchJobState.Held;
    }
}
