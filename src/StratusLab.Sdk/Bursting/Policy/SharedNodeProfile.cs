using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Nodes that differ, or that jobs share: CPUs, memory and GPUs of each are followed over time.</summary>
internal sealed class SharedNodeProfile(LocalNodes nodes) : LocalProfile
{
    private readonly NodeTimeline[] _timelines = [.. nodes.All.Select(n => new NodeTimeline(n))];
    private readonly List<(long Start, int Node)> _starts = [];
    private readonly List<int> _chosen = [];
    private long _foundStart;

    /// <summary>The nodes that the job that was asked for last would get.</summary>
    public IReadOnlyList<int> Chosen => _chosen;

    public override void Reset(long now, IReadOnlyList<PlannedJob> running)
    {
        foreach (var timeline in _timelines) timeline.Reset(now);
        foreach (var job in running)
        {
            foreach (var name in job.Job.Nodes)
                if (nodes.TryFind(name, out var node)) _timelines[node].Take(now, Math.Max(job.ExpectedEnd, now + Overrun), Need(job.Job, nodes.All[node]));
        }
    }

    public override long FindStart(PlannedJob job)
    {
        _starts.Clear();
        for (var node = 0; node < _timelines.Length; node++)
        {
            if (!LocalNodes.Fits(nodes.All[node], job.Job)) continue;
            var start = _timelines[node].FindStart(0, job.Limit, Need(job.Job, nodes.All[node]));
            if (start != Never) _starts.Add((start, node));
        }

        // Each node is pushed on to the earliest common time until enough of them can start then.
        while (_starts.Count >= job.Nodes)
        {
            _starts.Sort();
            var common = _starts[job.Nodes - 1].Start;
            var isCommon = true;
            for (var i = 0; i < _starts.Count && _starts[i].Start < common; i++)
            {
                var node = _starts[i].Node;
                var start = _timelines[node].FindStart(common, job.Limit, Need(job.Job, nodes.All[node]));
                isCommon &= start == common;
                _starts[i] = (start, node);
            }

            if (!isCommon)
            {
                _starts.RemoveAll(s => s.Start == Never);
                continue;
            }

            _chosen.Clear();
            foreach (var (start, node) in _starts)
                if (start == common) _chosen.Add(node);
            _chosen.Sort();
            _chosen.RemoveRange(job.Nodes, _chosen.Count - job.Nodes);
            return _foundStart = common;
        }

        return Never;
    }

    public override void Reserve(PlannedJob job)
    {
        foreach (var node in _chosen) _timelines[node].Take(_foundStart, _foundStart + job.Limit, Need(job.Job, nodes.All[node]));
    }

    private static NodeShare Need(BatchJob job, BatchNode node) =>
        job.IsExclusive ? NodeShare.Of(node) : new NodeShare(job.CpuPerNode, job.MemoryPerNode.Bytes, job.GpuPerNode);
}
