namespace StratusLab.Sdk;

/// <summary>Nodes that are alike and taken whole: only their number counts.</summary>
internal sealed class WholeNodeProfile(int nodes) : LocalProfile
{
    // Free nodes from a time on, until the next time.
    private long[] _times = new long[64];
    private int[] _free = new int[64];
    private int _count;
    private int _found;

    // Before it nothing is free: what waits longest in a full queue need not look there.
    private int _firstFree;

    public override void Reset(long now, IReadOnlyList<PlannedJob> running)
    {
        var busy = 0;
        foreach (var job in running) busy += job.Nodes;
        _times[0] = now;
        _free[0] = nodes - busy;
        _count = 1;
        _firstFree = 0;
        foreach (var job in running)
        {
            var end = Math.Max(job.ExpectedEnd, now + Overrun);
            var last = _count - 1;
            if (_times[last] == end)
            {
                _free[last] += job.Nodes;
                continue;
            }

            Insert(_count, end, _free[last] + job.Nodes);
        }
    }

    public override long FindStart(PlannedJob job)
    {
        while (_firstFree < _count - 1 && _free[_firstFree] <= 0) _firstFree++;
        var i = _firstFree;
        while (true)
        {
            while (i < _count && _free[i] < job.Nodes) i++;
            if (i == _count) return Never;
            var end = _times[i] + job.Limit;
            var j = i + 1;
            while (j < _count && _times[j] < end && _free[j] >= job.Nodes) j++;
            if (j == _count || _times[j] >= end)
            {
                _found = i;
                return _times[i];
            }

            i = j + 1;
        }
    }

    public override void Reserve(PlannedJob job)
    {
        var end = _times[_found] + job.Limit;
        var j = _found;
        while (j < _count && _times[j] < end) j++;
        if (j == _count || _times[j] != end) Insert(j, end, _free[j - 1]);
        for (var i = _found; i < j; i++) _free[i] -= job.Nodes;
    }

    private void Insert(int at, long time, int free)
    {
        if (_count == _times.Length)
        {
            Array.Resize(ref _times, _count * 2);
            Array.Resize(ref _free, _count * 2);
        }

        Array.Copy(_times, at, _times, at + 1, _count - at);
        Array.Copy(_free, at, _free, at + 1, _count - at);
        _times[at] = time;
        _free[at] = free;
        _count++;
    }
}
