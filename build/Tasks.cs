namespace StratusLab.Build;

/// <summary>The tasks of <c>build.sh</c> and <c>build.ps1</c>. Each returns an exit code.</summary>
internal sealed class Tasks(string root)
{
    private const string Configuration = "Release";

    // Building the cmdlets' project also writes the help and assembles the module folder, artifacts/module.
    public Task<int> BuildAsync(CancellationToken cancel) =>
        DotNetAsync(["build", "StratusLab.PowerShell.sln", "-c", Configuration, "-v", "quiet", "-clp:NoSummary"], cancel);

    /// <summary>Writes the help by building the cmdlets, which fails where pages and cmdlets do not say the same.</summary>
    public async Task<int> DocsAsync(CancellationToken cancel)
    {
        var code = await DotNetAsync(["build", "src/StratusLab.PowerShell", "-c", Configuration, "-v", "quiet", "-clp:NoSummary"], cancel);
        if (code == 0)
            Console.WriteLine($"The help is in {Path.Combine("artifacts", "module", "StratusLab", "en-US")}.");
        return code;
    }

    public async Task<int> TestAsync(bool all, CancellationToken cancel)
    {
        var code = await BuildAsync(cancel);
        return code == 0 ? await new TestRun(root, Configuration, all).RunAsync(cancel) : code;
    }

    public Task<int> BenchAsync(string[] names, CancellationToken cancel) =>
        DotNetAsync(["run", "-c", Configuration, "--project", "tests/benchmarks", "--", .. names], cancel);

    public async Task<int> PackageAsync(CancellationToken cancel)
    {
        var code = await BuildAsync(cancel);
        return code == 0 ? await new Packages(root, Configuration).WriteAsync(cancel) : code;
    }

    public async Task<int> QuickstartAsync(string[] arguments, CancellationToken cancel)
    {
        var code = await BuildAsync(cancel);
        return code == 0
            ? await Shell.RunAsync(root, "bash", ["docs/quickstart/quickstart.sh", .. arguments], cancel)
            : code;
    }

    private Task<int> DotNetAsync(IEnumerable<string> arguments, CancellationToken cancel) =>
        Shell.RunAsync(root, "dotnet", arguments, cancel);
}
