using System.Diagnostics;

namespace StratusLab.Build;

/// <summary>Runs the test projects and the Pester files, and sums up.</summary>
internal sealed class TestRun(string root, string configuration, bool all)
{
    private const int MessageLines = 40;

    // Tests mostly wait: for guests to boot, for daemons, for time to pass.
    private const int AtOnce = 2;

    // Whatever takes longest begins first, so that nothing is waited for alone at the end.
    private const string Longest = "StratusLab.EndToEnd.Tests";

    private readonly string _results = Path.Combine(root, "artifacts", "test-results");
    private readonly List<TestResult> _all = [];

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (Directory.Exists(_results))
            Directory.Delete(_results, recursive: true);

        var projects = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Select(project => (Name: Path.GetFileNameWithoutExtension(project), Path: project))
            .OrderBy(project => project.Name != Longest).ThenBy(project => project.Name, StringComparer.Ordinal);
        List<Func<CancellationToken, Task<IReadOnlyList<TestResult>>>> runs =
        [
            .. projects.Select(project => (Func<CancellationToken, Task<IReadOnlyList<TestResult>>>)(c => ProjectAsync(project.Name, project.Path, c))),
            new PesterRun(root, _results).RunAsync,
        ];
        var results = new IReadOnlyList<TestResult>[runs.Count];
        await Parallel.ForAsync(0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (run, c) => results[run] = await runs[run](c));
        _all.AddRange(results.SelectMany(r => r));

        return Summarise();
    }

    private async Task<IReadOnlyList<TestResult>> ProjectAsync(string name, string project, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        Console.WriteLine($"--- {name}");
        string[] filter = all ? [] : ["--filter", "Category!=Long"];
        var code = await Shell.RunAsync(root, "dotnet",
            ["test", project, "-c", configuration, "--no-build", "--nologo", "-v", "quiet",
            "--logger", $"trx;LogFileName={name}.trx", "--results-directory", _results,
            "--blame-hang", "--blame-hang-timeout", all ? "60m" : "40m", "--blame-hang-dump-type", "none", .. filter], cancel);

        var file = Path.Combine(_results, name + ".trx");
        List<TestResult> results = File.Exists(file) ? [.. await TrxReport.ReadAsync(file, cancel)] : [];

        // A host that crashed, hung or did not start leaves an exit code without a failed test.
        if (code != 0 && results.All(r => r.Outcome != TestOutcome.Failed))
            results.Add(new(name, TestOutcome.Failed, $"The test host ended with exit code {code}."));
        Console.WriteLine($"--- {name}: {results.Count} tests in {clock.Elapsed.TotalSeconds:0.0} s");
        return results;
    }

    private int Summarise()
    {
        List("Skipped", TestOutcome.Skipped);
        List("Failed", TestOutcome.Failed);
        var failed = Count(TestOutcome.Failed);
        Console.WriteLine();
        Console.WriteLine($"{Count(TestOutcome.Passed)} passed, {failed} failed, {Count(TestOutcome.Skipped)} skipped");
        return failed == 0 && Count(TestOutcome.Passed) > 0 ? 0 : 1;
    }

    private int Count(TestOutcome outcome) => _all.Count(r => r.Outcome == outcome);

    private void List(string title, TestOutcome outcome)
    {
        foreach (var group in _all.Where(r => r.Outcome == outcome).GroupBy(r => r.Message.Split('\n')[0]))
        {
            Console.WriteLine();
            Console.WriteLine($"{title}: {(group.Key.Length > 0 ? group.Key : "no reason given")}");
            foreach (var result in group)
            {
                Console.WriteLine($"  {result.Name}");
                foreach (var line in result.Message.Split('\n').Skip(1).Take(MessageLines))
                    Console.WriteLine($"    {line.TrimEnd()}");
            }
        }
    }
}
