using StratusLab.Rig.Requirements;

namespace StratusLab.Benchmarks;

/// <summary>Something measured side by side with its peer.</summary>
/// <param name="name">By which it is asked for.</param>
/// <param name="limit">The largest ratio that is good enough.</param>
/// <param name="needs">What it needs of the machine.</param>
internal abstract class Benchmark(string name, double limit, params Need[] needs)
{
    public string Name { get; } = name;

    public double Limit { get; } = limit;

    public IReadOnlyList<Need> Needs { get; } = needs;

    /// <summary>What else this machine lacks for it; null for nothing.</summary>
    public virtual string? Lack => null;

    public abstract Task<BenchmarkResult> RunAsync(CancellationToken cancel);
}
