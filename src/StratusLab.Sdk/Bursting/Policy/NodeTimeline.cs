using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What is free of one node from each time on, until the next.</summary>
internal sealed class NodeTimeline(BatchNode node)
{
    private readonly List<(long From, NodeShare Free)> _parts = [];

    public void Reset(long now)
    {
        _parts.Clear();
        _parts.Add((now, NodeShare.Of(node)));
    }

    /// <summary>The first time, not before one, from which on a share is free for as long as is wanted; <see cref="LocalProfile.Never"/> if at none.</summary>
    public long FindStart(long notBefore, long length, NodeShare share)
    {
        var start = LocalProfile.Never;
        for (var i = 0; i < _parts.Count; i++)
        {
            var until = i + 1 < _parts.Count ? _parts[i + 1].From : LocalProfile.Never;
            if (until <= notBefore) continue;
            if (!_parts[i].Free.Holds(share))
            {
                start = LocalProfile.Never;
                continue;
            }

            if (start == LocalProfile.Never) start = Math.Max(_parts[i].From, notBefore);
            if (until >= start + length) return start;
        }

        return start;
    }

    public void Take(long from, long until, NodeShare share)
    {
        var first = Split(from);
        var last = Split(until);
        for (var i = first; i < last; i++) _parts[i] = (_parts[i].From, _parts[i].Free - share);
    }

    // The index of the part that begins then.
    private int Split(long time)
    {
        var i = 0;
        while (i < _parts.Count && _parts[i].From < time) i++;
        if (i == _parts.Count || _parts[i].From != time) _parts.Insert(i, (time, _parts[Math.Max(0, i - 1)].Free));
        return i;
    }
}
