using System.Text.Json;
using System.Text.Json.Serialization;

namespace StratusLab.Build;

/// <summary>Runs <c>tests/pester</c> against the assembled module where there is a pwsh with Pester 5, else reports each file as skipped.</summary>
internal sealed class PesterRun(string root, string results)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public async Task<IReadOnlyList<TestResult>> RunAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(root, "tests", "pester");
        if (!Directory.Exists(folder))
            return [];
        var files = Directory.GetFiles(folder, "*.Tests.ps1", SearchOption.AllDirectories);
        if (files.Length == 0)
            return [];

        if (Shell.Find("pwsh") is not { } pwsh)
            return Skip(files, "pwsh is not on PATH (dotnet tool PowerShell)");

        Console.WriteLine("--- Pester");
        Directory.CreateDirectory(results);
        var report = Path.Combine(results, "pester.json");
        var code = await Shell.RunAsync(root, pwsh,
            ["-NoProfile", "-NonInteractive", "-File", Path.Combine(root, "build", "pester.ps1"),
            "-Path", folder, "-Module", Path.Combine(root, "artifacts", "module", "StratusLab"), "-Report", report], cancel);
        if (code == 3)
            return Skip(files, "the PowerShell module Pester 5 is not installed");
        if (!File.Exists(report))
            return [new("Pester", TestOutcome.Failed, $"pwsh ended with exit code {code} and wrote no report.")];

        await using var stream = File.OpenRead(report);
        return await JsonSerializer.DeserializeAsync<List<TestResult>>(stream, Json, cancel) ?? [];
    }

    private List<TestResult> Skip(string[] files, string reason) =>
        [.. files.Order().Select(file => new TestResult(Path.GetRelativePath(root, file), TestOutcome.Skipped, reason))];
}
