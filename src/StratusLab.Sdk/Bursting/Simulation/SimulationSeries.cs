namespace StratusLab.Sdk;

/// <summary>Takes samples in equal steps of simulated time.</summary>
internal sealed class SimulationSeries(long start, long end, int count)
{
    private readonly List<SimulationSample> _samples = new(count);
    private readonly long _step = Math.Max(1, (end - start) / (count - 1));
    private readonly int _count = count;
    private long _next = start;

    public IReadOnlyList<SimulationSample> Samples => _samples;

    /// <summary>Whether a sample is due before a time.</summary>
    public bool IsDue(long before) => _samples.Count < _count && _next < before;

    public long Next => _next;

    public void Add(int queue, int localBusy, int burstNodes, double spent)
    {
        _samples.Add(new SimulationSample(DateTimeOffset.FromUnixTimeMilliseconds(_next), queue, localBusy, burstNodes, (decimal)spent));
        _next += _step;
    }
}
