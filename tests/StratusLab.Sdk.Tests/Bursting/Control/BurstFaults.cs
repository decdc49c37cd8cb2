namespace StratusLab.Sdk.Tests;

/// <summary>What goes wrong when: by chance from a seed, or at one chosen point. Also the time of the world.</summary>
internal sealed class BurstFaults(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private int _points;

    public DateTimeOffset Now { get; set; } = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The midnight before.</summary>
    public DateTimeOffset Day => new(Now.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>How likely each fault is at each of its points.</summary>
    public Dictionary<BurstFault, double> Chances { get; } = [];

    /// <summary>The one point, counted over all kinds given in <see cref="Chances"/>, at which its fault strikes; null for by chance.</summary>
    public int? OnlyAt { get; set; }

    public int Injected { get; private set; }

    public int Points => _points;

    public bool Strikes(BurstFault fault)
    {
        lock (_gate)
        {
            if (!Chances.TryGetValue(fault, out var chance)) return false;
            var strikes = OnlyAt is { } only ? _points++ == only : chance > 0 && _random.NextDouble() < chance;
            if (strikes) Injected++;
            return strikes;
        }
    }

    public double Next()
    {
        lock (_gate) return _random.NextDouble();
    }

    public int Next(int from, int below)
    {
        lock (_gate) return _random.Next(from, below);
    }
}
