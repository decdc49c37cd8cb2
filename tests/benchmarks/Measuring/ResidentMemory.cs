using System.Globalization;

namespace StratusLab.Benchmarks;

/// <summary>The memory of this process as Linux counts it (proc(5)).</summary>
internal static class ResidentMemory
{
    /// <summary>What the process holds now; the peak is counted anew from here.</summary>
    public static async Task<long> ResetPeakAsync()
    {
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
        return await ReadAsync("VmRSS:");
    }

    /// <summary>What the machine has for new processes, swap among it: of thousands that wait nearly all the time, most can be there.</summary>
    public static long Available()
    {
        var lines = File.ReadAllLines("/proc/meminfo");
        return Value(lines, "MemAvailable:") + Value(lines, "SwapFree:");
    }

    public static Task<long> PeakAsync() => ReadAsync("VmHWM:");

    /// <summary>The most that another process ever held.</summary>
    public static async Task<long> PeakAsync(int process, CancellationToken cancel) => Value(await File.ReadAllLinesAsync($"/proc/{process}/status", cancel), "VmHWM:");

    private static async Task<long> ReadAsync(string field) => Value(await File.ReadAllLinesAsync("/proc/self/status"), field);

    private static long Value(string[] lines, string field) =>
        long.Parse(lines.First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) << 10;
}
