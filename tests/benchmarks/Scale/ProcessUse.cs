using System.Globalization;

namespace StratusLab.Benchmarks;

/// <summary>What a process has used so far, as Linux counts it (proc(5)).</summary>
/// <param name="Processor">Its time on processors.</param>
/// <param name="OfChildren">That of the processes that it started and that have ended.</param>
internal sealed record ProcessUse(TimeSpan Processor, TimeSpan OfChildren)
{
    private const double TicksPerSecond = 100;

    /// <summary>Reads <c>/proc/PID/stat</c>.</summary>
    public static ProcessUse Parse(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessUse(Time(11) + Time(12), Time(13) + Time(14));

        TimeSpan Time(int field) => TimeSpan.FromSeconds(long.Parse(fields[field], CultureInfo.InvariantCulture) / TicksPerSecond);
    }

    public static async Task<ProcessUse> OfAsync(int process, CancellationToken cancel) => Parse(await File.ReadAllTextAsync($"/proc/{process}/stat", cancel));
}
