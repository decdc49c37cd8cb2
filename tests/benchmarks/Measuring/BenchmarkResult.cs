using System.Globalization;

namespace StratusLab.Benchmarks;

/// <summary>What was measured, and how it compares.</summary>
/// <param name="Ratio">Ours by the peer's, or by what is allowed.</param>
/// <param name="Ours">Ours, with its unit.</param>
/// <param name="Peer">The peer's, with its unit.</param>
internal sealed record BenchmarkResult(double Ratio, string Ours, string Peer)
{
    public static BenchmarkResult OfTimes(TimeSpan ours, TimeSpan peer) => new(ours / peer, Text(ours), Text(peer));

    public static string Text(TimeSpan time) =>
        time < TimeSpan.FromSeconds(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00}s");
}
