namespace StratusLab.Sdk;

/// <summary>The centre's own nodes under an EASY backfill scheduler (Lifka 1995): the first job that must wait has a reservation, and others go before it only if they do not delay it.</summary>
internal sealed class LocalCluster
{
    private readonly Stack<string> _free = new();
    private readonly List<SimulatedJob> _running = [];

    public LocalCluster(IReadOnlyList<string> names)
    {
        foreach (var name in names.Reverse()) _free.Push(name);
        Count = names.Count;
    }

    public int Count { get; }

    public int FreeCount => _free.Count;

    /// <summary>Starts what can start; the queue loses those jobs.</summary>
    public void Schedule(List<SimulatedJob> queue, long now, Action<SimulatedJob> start)
    {
        SimulatedJob? first = null;
        var (shadow, spare) = (0L, 0);
        var kept = 0;
        var i = 0;
        for (; i < queue.Count && _free.Count > 0; i++)
        {
            var job = queue[i];
            var fits = job.Nodes <= _free.Count;
            if (fits && first is not null)
            {
                var ends = now + job.Limit <= shadow;
                fits = ends || job.Nodes <= spare;
                if (fits && !ends) spare -= job.Nodes;
            }

            if (fits)
            {
                Start(job, now);
                start(job);
                continue;
            }

            // A job that burst nodes are booting for holds no place here.
            if (first is null && !job.IsGranted)
            {
                first = job;
                (shadow, spare) = Reserve(job);
            }

            queue[kept++] = job;
        }

        if (kept < i) queue.RemoveRange(kept, i - kept);
    }

    public void End(SimulatedJob job)
    {
        foreach (var name in job.NodeNames) _free.Push(name);
        var at = FirstWithEnd(job.ExpectedEnd);
        while (!ReferenceEquals(_running[at], job)) at++;
        _running.RemoveAt(at);
    }

    private void Start(SimulatedJob job, long now)
    {
        job.Started = now;
        job.NodeNames.Clear();
        for (var n = 0; n < job.Nodes; n++) job.NodeNames.Add(_free.Pop());
        _running.Insert(FirstWithEnd(job.ExpectedEnd), job);
    }

    // When enough nodes will be free for the job, and how many beside them.
    private (long Shadow, int Spare) Reserve(SimulatedJob job)
    {
        var free = _free.Count;
        foreach (var running in _running)
        {
            free += running.Nodes;
            if (free >= job.Nodes) return (running.ExpectedEnd, free - job.Nodes);
        }

        return (long.MaxValue, 0);
    }

    private int FirstWithEnd(long end)
    {
        var (low, high) = (0, _running.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_running[middle].ExpectedEnd < end) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
