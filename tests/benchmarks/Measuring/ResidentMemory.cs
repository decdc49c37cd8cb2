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

    public static Task<long> PeakAsync() => ReadAsync("VmHWM:");

    private static async Task<long> ReadAsync(string field)
    {
        var line = (await File.ReadAllLinesAsync("/proc/self/status")).First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) << 10;
    }
}
