namespace StratusLab.Sdk;

public sealed partial class BurstPlanner
{
    /// <summary>
    /// When decisions may change although nothing happens, in UTC: an idle node's hold ends, a job has waited long enough, a day begins. Set by
    /// <see cref="Decide(DateTimeOffset, BurstState, bool)"/>; null for never.
    /// </summary>
    public DateTimeOffset? NextChange { get; private set; }

    /// <summary>Decides. Every job that waits gets one decision, jobs that are let on also their launches; then every free burst node gets one.</summary>
    /// <param name="now">The time, in UTC.</param>
    /// <param name="state">What bursting knows.</param>
    /// <param name="explain">Whether decisions that change nothing are told too.</param>
    public IReadOnlyList<BurstDecision> Decide(DateTimeOffset now, BurstState state, bool explain = true)
    {
        ArgumentNullException.ThrowIfNull(state);
        NextChange = null;
        var run = new PlanningRun(_policy, state, now, explain);
        if (run.Book.IsAtWarning(_policy.WarnShare)) run.Warn();
        DecideJobs(run);
        run.DecideNodes();
        NextChange = run.NextChange;
        return run.Decisions;
    }

    private void DecideJobs(PlanningRun run)
    {
        if (_pending.Count == 0) return;
        var profile = Profile;
        profile.Reset(run.NowMilliseconds, _running);
        for (var i = 0; i < _pending.Count; i++)
        {
            var job = _pending[i];
            if (i >= _policy.PlanDepth)
            {
                if (!run.Explains) break;
                run.Deny(job, BurstReason.BeyondPlanDepth, null, new BurstBound(Nodes: _policy.PlanDepth));
                continue;
            }

            if (run.IsGranted(job))
            {
                run.Deny(job, BurstReason.AlreadyAllowed, null);
                continue;
            }

            if (job.Job.State == Core.BatchJobState.Held)
            {
                run.Deny(job, BurstReason.Held, null);
                continue;
            }

            var namedByUser = _policy.IsForBurstOnly(job.Job);
            var isLocal = !namedByUser && job.CandidateNodes >= job.Nodes;
            var start = isLocal ? profile.FindStart(job) : LocalProfile.Never;
            if (!run.Judge(job, start, namedByUser, _local.All.Count) && start != LocalProfile.Never) profile.Reserve(job);
        }
    }
}
