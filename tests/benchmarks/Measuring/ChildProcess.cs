using System.Diagnostics;
using System.Globalization;

namespace StratusLab.Benchmarks;

/// <summary>Work done in a process of its own, whose memory shows nothing else.</summary>
internal static class ChildProcess
{
    public const string Marker = "--child";

    /// <summary>Runs a piece of work in a new process.</summary>
    /// <returns>The bytes that it added to the process at its peak.</returns>
    public static async Task<long> PeakOfAsync(string work, string uri, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Marker, work, uri]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The child process did not start.");
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? long.Parse(output, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"{work} ended with {process.ExitCode}: {output}");
    }

    /// <summary>In the new process: does the work and writes what it added.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        Func<string, Task<long>> work = args[0] == ListMemoryBenchmark.Work ? ListMemoryBenchmark.MeasureAsync : UploadMemoryBenchmark.MeasureAsync;
        Console.Write(await work(args[1]));
        return 0;
    }
}
