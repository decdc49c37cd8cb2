using System.Globalization;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Benchmarks;

/// <summary>What importing the module takes beyond importing one that is empty, each in a fresh shell; 150 ms are allowed.</summary>
internal sealed class ImportBenchmark() : Benchmark("import-module", limit: 1, Need.Pwsh)
{
    private static readonly TimeSpan Allowed = TimeSpan.FromMilliseconds(150);

    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        var module = Path.Combine(Repository.Root, "artifacts", "module", "StratusLab", "StratusLab.psd1");
        var folder = Directory.CreateTempSubdirectory("stratuslab-bench-");
        try
        {
            var empty = Path.Combine(folder.FullName, "Empty.psd1");
            await File.WriteAllTextAsync(empty, "@{ ModuleVersion = '1.0'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @(); VariablesToExport = @() }\n", cancel);
            var (ours, theirs) = await Interleaved.MediansAsync(9, () => TimeAsync(module, cancel), () => TimeAsync(empty, cancel));
            return new BenchmarkResult((ours - theirs) / Allowed, BenchmarkResult.Text(ours), BenchmarkResult.Text(theirs));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<TimeSpan> TimeAsync(string module, CancellationToken cancel)
    {
        var script = $"$t = [Diagnostics.Stopwatch]::StartNew(); Import-Module -Name '{module}' -ErrorAction Stop; $t.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)";
        var output = await Command.RunAsync("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script], cancel);
        return TimeSpan.FromMilliseconds(double.Parse(output, CultureInfo.InvariantCulture));
    }
}
