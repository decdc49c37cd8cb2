namespace StratusLab.Oci;

/// <summary>Adds up the bytes of all transfers of a job, and reports them ten times a second at most.</summary>
internal sealed class TransferMeter(IProgress<RegistryProgress>? progress, long total, TimeProvider clock)
{
    private const long ReportsPerSecond = 10;

    // How fast the rate follows what happens: a report counts a fifth.
    private const double Weight = 0.2;

    private readonly Lock _gate = new();
    private long _done;
    private long _moved;
    private long _movedBefore;
    private double _rate;
    private long _reported = clock.GetTimestamp();

    /// <summary>Bytes went over the wire.</summary>
    public void Move(long bytes) => Add(bytes, bytes);

    /// <summary>Bytes were there already, or, with a minus, turned out not to be.</summary>
    public void Skip(long bytes) => Add(bytes, 0);

    /// <summary>Reports the end.</summary>
    public void Finish()
    {
        lock (_gate) Report();
    }

    private void Add(long done, long moved)
    {
        lock (_gate)
        {
            _done += done;
            _moved += moved;
            if (clock.GetElapsedTime(_reported).Ticks >= TimeSpan.TicksPerSecond / ReportsPerSecond) Report();
        }
    }

    private void Report()
    {
        var seconds = clock.GetElapsedTime(_reported).TotalSeconds;
        if (seconds > 0)
        {
            var now = (_moved - _movedBefore) / seconds;
            _rate = _rate == 0 ? now : (_rate * (1 - Weight)) + (now * Weight);
        }

        (_reported, _movedBefore) = (clock.GetTimestamp(), _moved);
        // A rate that has all but died away would give a time beyond what a clock can hold.
        var left = _rate >= 1 ? TimeSpan.FromSeconds(Math.Min((total - _done) / _rate, TimeSpan.FromDays(365).TotalSeconds)) : (TimeSpan?)null;
        progress?.Report(new RegistryProgress(_done, total, _rate, left));
    }
}
