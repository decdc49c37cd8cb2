using System.Globalization;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;

namespace StratusLab.Benchmarks;

/// <summary>
/// As many jobs of one node each as there are cloud nodes, in one array, on a centre whose own nodes are taken: from their submission until every node has
/// registered with Slurm, against what is allowed.
/// </summary>
/// <param name="nodes">How many.</param>
/// <param name="allowed">What ParallelCluster takes for as many, as published.</param>
internal sealed class BurstScaleBenchmark(string name, int nodes, TimeSpan allowed) : Benchmark(name, limit: 1, Need.Slurm)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(60);

    // Each slurmd knows all nodes: with 1,000 it takes 4.5 MB, namespaces included, and with 4,000 9 MB. The rest is for slurmctld, controller and emulator.
    private long Memory => (nodes * ((3L << 20) + (nodes * 1536L))) + (2L << 30);

    /// <inheritdoc/>
    public override string? Lack => ResidentMemory.Available() is var available && available < Memory
        ? Text($"{nodes} slurmd take {new ByteSize(Memory)} of memory, and {new ByteSize(available)} are free")
        : null;

    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        await using var site = await ScaleSite.StartAsync(nodes, cancel);
        await Poll.UntilAsync("the controller", () => site.Controller.Output.Contains("Running", StringComparison.Ordinal), TimeSpan.FromMinutes(1), cancel);
        await site.Cluster.SubmitAsync("sleep 7200", ["-N2", "--exclusive", "-t", "60"], cancel);
        var before = (Controller: await ProcessUse.OfAsync(site.Controller.Id, cancel), Slurm: await site.SlurmctldUseAsync(cancel));
        var begin = DateTimeOffset.UtcNow;
        await site.Cluster.SubmitAsync("sleep 5", [Text($"--array=1-{nodes}"), "-N1", "--exclusive", "--mem=100", "-t", "10"], cancel);

        // Promises are kept until their jobs run; where the first jobs run before the last is decided, all have nodes that are asked for.
        await UntilAsync(site, "the decisions", async () => (await site.StatusAsync())!.GrantCount == nodes || (await LivesAsync(site)).Count == nodes, cancel);
        var decided = DateTimeOffset.UtcNow - begin;
        Note($"decided after {decided.TotalSeconds:0.0} s");
        await UntilAsync(site, "the nodes", async () => await ReadyAsync(site) == nodes, cancel);
        var lives = await LivesAsync(site);
        var ready = lives.Max(n => n.RegisteredAt!.Value) - begin;
        var launched = await LaunchedAsync(site) - begin;
        var after = (Controller: await ProcessUse.OfAsync(site.Controller.Id, cancel), Slurm: await site.SlurmctldUseAsync(cancel));
        Note($"launched after {launched.TotalSeconds:0.0} s, ready after {ready.TotalSeconds:0.0} s; calls: {string.Join(' ', site.Emulator.Calls.GroupBy(c => (c.Action, c.Outcome)).Select(g => $"{g.Key.Action}/{g.Key.Outcome}={g.Count()}"))}");
        if (lives.Count != nodes || site.Emulator.Cloud.Launched != nodes) throw new InvalidOperationException($"{lives.Count} nodes lived and {site.Emulator.Cloud.Launched} instances were launched.");

        // What it costs to look at as many nodes that change little.
        var (start, looks) = (await ProcessUse.OfAsync(site.Controller.Id, cancel), Looks(site));
        await Task.Delay(Steady, cancel);
        var end = await ProcessUse.OfAsync(site.Controller.Id, cancel);
        var perLook = (end.Processor - start.Processor) / Math.Max(1, Looks(site) - looks);
        var memory = await ResidentMemory.PeakAsync(site.Controller.Id, cancel);
        var result = string.Create(CultureInfo.InvariantCulture,
            $"decided {decided.TotalSeconds:0}s launched {launched.TotalSeconds:0}s ready {ready.TotalSeconds:0}s, {site.Emulator.Calls.Count} calls, controller {(after.Controller.Processor - before.Controller.Processor).TotalSeconds:0.0}s CPU (its commands {(after.Controller.OfChildren - before.Controller.OfChildren).TotalSeconds:0.0}s) {new ByteSize(memory)}, slurmctld {(after.Slurm.Processor - before.Slurm.Processor).TotalSeconds:0.0}s CPU, then {perLook.TotalSeconds:0.00}s CPU a look");
        Note($"{result}");
        return new BenchmarkResult(ready / allowed, result, BenchmarkResult.Text(allowed));
    }

    private static async Task<int> ReadyAsync(ScaleSite site) => (await LivesAsync(site)).Count(n => n.RegisteredAt is not null);

    private static Task<List<BurstNodeRecord>> LivesAsync(ScaleSite site) => site.AskAsync(async (bursts, burst) => await bursts.ListNodesAsync(burst, withHistory: true).ToListAsync());

    private static Task<DateTimeOffset> LaunchedAsync(ScaleSite site) => site.AskAsync(async (bursts, burst) =>
        await bursts.ListTransitionsAsync(burst).Where(t => t.To is BurstNodeState.Pending).Select(t => t.At).MaxAsync());

    private static int Looks(ScaleSite site) => site.Controller.Output.Split('\n').Count(line => line.Contains(" nodes=", StringComparison.Ordinal));

    private static void Note(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task UntilAsync(ScaleSite site, string what, Func<Task<bool>> condition, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(allowed * 2);
        try
        {
            while (!await condition()) await Task.Delay(Pause, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited for {what} in vain.\n{await site.Cluster.SlurmAsync("sinfo")}\n{site.Controller.Output[^Math.Min(4000, site.Controller.Output.Length)..]}", e);
        }
    }
}
