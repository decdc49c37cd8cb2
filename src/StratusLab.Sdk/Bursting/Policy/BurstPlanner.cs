using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// Decides what of a batch system's queue goes onto burst nodes. Pure but for the queue that it holds: the same jobs, state and time give the
/// same decisions, however the planner came to know the jobs. Not safe for concurrent use. Does no I/O.
/// </summary>
public sealed partial class BurstPlanner
{
    private readonly BurstPolicy _policy;
    private readonly LocalNodes _local;
    private readonly Dictionary<string, PlannedJob> _jobs = new(StringComparer.Ordinal);
    private readonly List<PlannedJob> _pending = [];
    private readonly List<PlannedJob> _running = [];
    private readonly WholeNodeProfile _whole;
    private SharedNodeProfile? _shared;
    private int _sharing;

    /// <summary>Starts with an empty queue.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="nodes">The batch system's nodes; cloud nodes among them are passed over.</param>
    /// <exception cref="InvalidInputException"><c>InvalidBurstPolicy</c>.</exception>
    public BurstPlanner(BurstPolicy policy, IReadOnlyList<BatchNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(nodes);
        policy.Validate();
        _policy = policy;
        _local = new LocalNodes(nodes);
        _whole = new WholeNodeProfile(_local.All.Count);
    }

    /// <summary>Jobs that wait.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Decides on a whole snapshot: what <see cref="Decide(DateTimeOffset, BurstState, bool)"/> gives after all its jobs were set.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="snapshot">What the batch system tells.</param>
    /// <param name="state">What bursting knows.</param>
    /// <param name="now">The time, in UTC.</param>
    /// <exception cref="InvalidInputException"><c>InvalidBurstPolicy</c>.</exception>
    public static IReadOnlyList<BurstDecision> Decide(BurstPolicy policy, BatchSnapshot snapshot, BurstState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var planner = new BurstPlanner(policy, snapshot.Nodes);
        foreach (var job in snapshot.Jobs) planner.Set(job);
        return planner.Decide(now, state);
    }

    /// <summary>Takes in a job that is new or has changed.</summary>
    public void Set(BatchJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        Remove(job.Id);
        var planned = new PlannedJob(job, _local);
        _jobs.Add(job.Id, planned);
        if (!planned.TakesWholeNodes) _sharing++;
        if (!planned.Runs) Insert(_pending, planned, Comparer<PlannedJob>.Default);
        else if (planned.IsLocal) Insert(_running, planned, EndOrder);
    }

    /// <summary>Forgets a job that has ended; one that it does not know is passed over.</summary>
    public void Remove(string jobId)
    {
        if (!_jobs.Remove(jobId, out var planned)) return;
        if (!planned.TakesWholeNodes) _sharing--;
        if (!planned.Runs) _pending.RemoveAt(_pending.BinarySearch(planned));
        else if (planned.IsLocal) _running.RemoveAt(_running.BinarySearch(planned, EndOrder));
    }

    private static Comparer<PlannedJob> EndOrder { get; } = Comparer<PlannedJob>.Create(PlannedJob.CompareEnds);

    private LocalProfile Profile => _local.AreAlike && _sharing == 0 ? _whole : _shared ??= new SharedNodeProfile(_local);

    private static void Insert(List<PlannedJob> list, PlannedJob job, Comparer<PlannedJob> order)
    {
        var at = list.Count > 0 && order.Compare(list[^1], job) < 0 ? list.Count : ~list.BinarySearch(job, order);
        list.Insert(at, job);
    }
}
