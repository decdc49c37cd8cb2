using System.Diagnostics;
using System.Globalization;

namespace StratusLab.Benchmarks;

/// <summary>Work done in a process of its own, whose memory shows nothing else.</summary>
internal static class ChildProcess
{
    public const string Marker = "--child";

    /// <summary>Runs a piece of work in a new process.</summary>
    /// <returns>What it measured: bytes of memory, or how many it saw.</returns>
    public static async Task<long> RunAsync(CancellationToken cancel, params string[] work)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Marker, .. work]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The child process did not start.");
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? long.Parse(output, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"{work[0]} ended with {process.ExitCode}: {output}");
    }

    /// <summary>In the new process: does the work and writes what it measured.</summary>
    public static async Task<int> AnswerAsync(string[] work)
    {
        Console.Write(await (work switch
        {
            [ListMemoryBenchmark.Work, var uri] => ListMemoryBenchmark.MeasureAsync(uri),
            [UploadMemoryBenchmark.Work, var uri] => UploadMemoryBenchmark.MeasureAsync(uri),
            [Ec2Listing.Work, var endpoint] => Ec2Listing.MeasureAsync(endpoint),
            [RegistryBenchmark.Push or RegistryBenchmark.Pull, var address, var folder, var digest] => RegistryBenchmark.MeasureAsync(work[0], address, folder, digest),
            _ => throw new ArgumentException("No such work.", nameof(work)),
        }));
        return 0;
    }
}
