namespace StratusLab.Sdk;

/// <summary>Waits and slowdowns of the jobs that started.</summary>
internal sealed class WaitStatistics(TimeSpan slowdownBound, int capacity)
{
    private readonly List<long> _waits = new(capacity);
    private double _slowdowns;
    private double _sum;

    public int Count => _waits.Count;

    public void Add(long wait, long run)
    {
        _waits.Add(wait);
        _sum += wait;
        _slowdowns += Math.Max(1, (wait + run) / Math.Max(run, slowdownBound.TotalMilliseconds));
    }

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_sum / Count);

    public double BoundedSlowdown => Count == 0 ? 1 : _slowdowns / Count;

    /// <summary>The wait that a share of the jobs does not pass.</summary>
    public TimeSpan Percentile(double share)
    {
        if (Count == 0) return TimeSpan.Zero;
        _waits.Sort();
        return TimeSpan.FromMilliseconds(_waits[(int)Math.Ceiling(share * Count) - 1]);
    }
}
