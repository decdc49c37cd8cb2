using System.Text.RegularExpressions;
using Xunit;

namespace StratusLab.Architecture.Tests;

/// <summary>Nothing blocks a thread on a task, except where the shell's own thread has to wait: in the bridge.</summary>
public sealed partial class BlockingTests
{
    private const string Top = "StratusLab.PowerShell";
    private const string Bridge = "src/StratusLab.PowerShell/Async/";

    private static readonly string[] Blocking = ["Task.Wait", "Task.WaitAll", "Task.WaitAny", "Task`1.get_Result", "ValueTask`1.get_Result", "Thread.Sleep"];

    public static TheoryData<string> ProjectsBelowTheTop => [.. Repository.Projects("src").Where(project => project != Top)];

    [Theory]
    [MemberData(nameof(ProjectsBelowTheTop))]
    public void Assembly_below_the_top_calls_nothing_that_blocks(string project) =>
        Assert.Empty(CompiledAssembly.Read(project).Calls.Intersect(Blocking, StringComparer.Ordinal));

    [Fact]
    public void Source_blocks_on_a_task_only_in_the_bridge()
    {
        var blocking = Repository.Files("src", "*.cs").Where(file => !file.StartsWith(Bridge, StringComparison.Ordinal) && BlocksOnTask().IsMatch(Repository.Read(file)));
        Assert.Empty(blocking);
    }

    [Fact]
    public void Rule_against_blocking_is_lifted_only_in_the_bridge()
    {
        var lifting = Repository.Files("src", "*.cs").Where(file => Repository.Read(file).Contains("RS0030", StringComparison.Ordinal)).ToList();
        Assert.All(lifting, file => Assert.StartsWith(Bridge, file, StringComparison.Ordinal));
        Assert.True(lifting.Count <= 1, $"The bridge is one file, not {lifting.Count}: {string.Join(", ", lifting)}");
    }

    [GeneratedRegex(@"\.GetAwaiter\(\)\s*\.GetResult\(\)|\.ToBlockingEnumerable\(", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BlocksOnTask();
}
