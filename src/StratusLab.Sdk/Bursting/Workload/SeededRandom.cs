namespace StratusLab.Sdk;

/// <summary>Random numbers that are the same for a seed on every machine and version (SplitMix64), and some distributions.</summary>
internal sealed class SeededRandom(int seed)
{
    private ulong _state = (ulong)(uint)seed * 0x9E3779B97F4A7C15UL;

    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Next(int below) => (int)(NextDouble() * below);

    public double Between(double least, double most) => least + (NextDouble() * (most - least));

    public double Exponential(double mean) => -mean * Math.Log(1 - NextDouble());

    /// <summary>A gamma distribution, by Marsaglia and Tsang (2000); for shapes of 1 and more.</summary>
    public double Gamma(double shape, double scale)
    {
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v * scale;
        }
    }

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
