using System.Globalization;

namespace StratusLab.Sdk;

/// <summary>The burst nodes of a simulation, and what they cost.</summary>
internal sealed class SimulatedCloud(BurstPolicy policy, SimulationOptions options)
{
    private const long Day = 86_400_000;
    private const double Hour = 3_600_000;

    private readonly List<BurstNode> _nodes = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly SeededRandom _random = new(options.Seed);
    private readonly double _price = (double)options.NodePrice;
    private long _now = long.MinValue;
    private long _nodeMilliseconds;

    public IReadOnlyList<BurstNode> Nodes => _nodes;

    public int LaunchCount { get; private set; }

    public int MaxCount { get; private set; }

    public double Cost { get; private set; }

    public double SpentToday { get; private set; }

    public double MaxDayCost { get; private set; }

    public double BilledNodeHours => _nodeMilliseconds / Hour;

    public int FreeCount { get; private set; }

    public BurstNode this[string name] => _nodes[_indices[name]];

    public bool Has(string name) => _indices.ContainsKey(name);

    /// <summary>Lets time pass; every node is paid for by the millisecond.</summary>
    public void Advance(long to)
    {
        if (_now == long.MinValue) _now = to;
        while (_now < to)
        {
            var midnight = ((_now / Day) + 1) * Day;
            var stop = Math.Min(to, midnight);
            var cost = _nodes.Count * _price * (stop - _now) / Hour;
            _nodeMilliseconds += _nodes.Count * (stop - _now);
            Cost += cost;
            SpentToday += cost;
            MaxDayCost = Math.Max(MaxDayCost, SpentToday);
            if (stop == midnight) SpentToday = 0;
            _now = stop;
        }
    }

    /// <summary>Launches a node for a job; when it will be ready.</summary>
    public long Launch(BurstDecision launch, string jobId, out string name)
    {
        name = string.Create(CultureInfo.InvariantCulture, $"b{++LaunchCount}");
        _indices[name] = _nodes.Count;
        _nodes.Add(new BurstNode
        {
            Name = name,
            NodeClass = launch.NodeClass!,
            Market = launch.Market,
            PricePerHour = options.NodePrice,
            Phase = BurstNodePhase.Booting,
            LaunchedAt = Time(_now),
            JobId = jobId,
            CommittedUntil = launch.CommittedUntil!.Value,
        });
        MaxCount = Math.Max(MaxCount, _nodes.Count);
        var boot = options.BootTime.TotalMilliseconds;
        if (options.BootSpread > 0) boot *= Math.Exp(options.BootSpread * _random.Normal());
        return _now + (long)Math.Min(boot, policy.BootTimeout.TotalMilliseconds);
    }

    public void Change(string name, Func<BurstNode, BurstNode> change)
    {
        var index = _indices[name];
        var (before, after) = (_nodes[index], change(_nodes[index]));
        FreeCount += (after.IsFree ? 1 : 0) - (before.IsFree ? 1 : 0);
        _nodes[index] = after;
    }

    /// <summary>Frees a node for other jobs.</summary>
    public void Release(string name) => Change(name, node => node.Phase == BurstNodePhase.Booting
        ? node with { JobId = null, CommittedUntil = node.LaunchedAt + policy.BootTimeout + policy.IdleHold }
        : node with { JobId = null, Phase = BurstNodePhase.Idle, IdleSince = Time(_now), CommittedUntil = Time(_now) + policy.IdleHold });

    public void Terminate(string name)
    {
        var index = _indices[name];
        if (_nodes[index].IsFree) FreeCount--;
        _indices.Remove(name);
        var last = _nodes.Count - 1;
        if (index < last)
        {
            _nodes[index] = _nodes[last];
            _indices[_nodes[index].Name] = index;
        }

        _nodes.RemoveAt(last);
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
