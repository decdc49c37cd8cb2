using System.Globalization;

namespace StratusLab.Benchmarks;

/// <summary>Lets the kernel know more machines than the 1,024 for which it has room, as long as it is not disposed.</summary>
internal sealed class NeighbourTable : IDisposable
{
    private static readonly string[] Files = [.. Enumerable.Range(1, 3).Select(n => string.Create(CultureInfo.InvariantCulture, $"/proc/sys/net/ipv4/neigh/default/gc_thresh{n}"))];

    private readonly string[] _before = [.. Files.Select(File.ReadAllText)];

    public NeighbourTable()
    {
        foreach (var file in Files.Reverse()) File.WriteAllText(file, "65536");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (file, before) in Files.Zip(_before)) File.WriteAllText(file, before);
    }
}
