using System.Collections.Concurrent;
using System.Diagnostics;

namespace StratusLab.PowerShell;

/// <summary>Keeps what completion learned for a few seconds, so that holding the Tab key asks once.</summary>
internal sealed class CompletionCache
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (long At, IReadOnlyList<string> Names)> _entries = new(StringComparer.Ordinal);

    /// <summary>The names known for a source, unless they are too old.</summary>
    public IReadOnlyList<string>? Get(string source) =>
        _entries.TryGetValue(source, out var entry) && Stopwatch.GetElapsedTime(entry.At) < Lifetime ? entry.Names : null;

    /// <summary>Keeps the names of a source.</summary>
    public void Set(string source, IReadOnlyList<string> names) => _entries[source] = (Stopwatch.GetTimestamp(), names);
}
