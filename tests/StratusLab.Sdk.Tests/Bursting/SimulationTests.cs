using System.Xml.Linq;

namespace StratusLab.Sdk.Tests;

public sealed class SimulationTests
{
    private static readonly BurstPolicy Eager = BurstPolicy.Immediate with { MaxNodes = 4 };

    [Fact]
    public void Small_workload_goes_as_computed_by_hand()
    {
        // One node. The second job bursts: 180 s of boot, an hour, and 600 s of hold. The third finds the local node free.
        var trace = Trace((0, 3600, 1), (0, 3600, 1), (3900, 600, 1));
        var result = BurstSimulation.Run(trace, Eager, new SimulationOptions { LocalNodes = 1 });
        Assert.Equal((3, 1, 1), (result.JobCount, result.BurstJobCount, result.LaunchCount));
        Assert.Equal(60, result.MeanWait.TotalSeconds, 3);
        Assert.Equal(180, result.P95Wait.TotalSeconds, 3);
        Assert.Equal((1 + ((3600 + 180) / 3600.0) + 1) / 3, result.BoundedSlowdown, 6);
        Assert.Equal((180 + 3600 + 600) / 3600.0, result.BilledNodeHours, 6);
        Assert.Equal(1 - (3600 / 4380.0), result.Waste, 6);
        Assert.Equal((decimal)result.BilledNodeHours, result.Cost, 6);
    }

    [Fact]
    public void Without_bursting_jobs_wait_for_each_other_and_short_ones_go_ahead_where_they_delay_nobody()
    {
        // Two nodes: the wide job waits for the first; the short one fits beside it, the long one would delay the wide.
        List<(string, long)> starts = [];
        var trace = Trace((0, 1000, 1), (1, 1000, 2), (2, 3000, 1), (3, 900, 1));
        new SimulationRun(trace, null, new SimulationOptions { LocalNodes = 2, AssumedLimit = 1 }) { Started = j => starts.Add((j.Source.Id, j.Started - (long)trace.Jobs[0].SubmittedAt.ToUnixTimeMilliseconds())) }.Run(default);
        Assert.Equal([("1", 0), ("4", 3_000), ("2", 1_000_000), ("3", 2_000_000)], starts);
    }

    [Fact]
    public void Clairvoyant_bound_neither_boots_nor_idles()
    {
        var result = BurstSimulation.Run(Trace((0, 3600, 1), (0, 3600, 1)), Eager, new SimulationOptions { LocalNodes = 1, IsClairvoyant = true });
        Assert.Equal((0, 1.0, 0), (result.MeanWait.TotalSeconds, result.BilledNodeHours, result.Waste));
    }

    [Fact]
    public void Job_larger_than_the_centre_runs_nowhere()
    {
        var result = BurstSimulation.Run(Trace((0, 60, 1), (0, 60, 3)), Eager, new SimulationOptions { LocalNodes = 2 });
        Assert.Equal((1, 1), (result.JobCount, result.RefusedCount));
    }

    public static TheoryData<string, decimal, double> Cases => new()
    {
        { "PredictedWait", 300, 0 }, { "PredictedWait", 60, 0.6 }, { "Immediate", 300, 0.6 }, { "Immediate", 40, 0 }, { "Threshold", 100, 0.3 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_is_ever_given_twice_and_no_day_goes_over_its_budget(string preset, decimal cap, double spread)
    {
        var trace = new WorkloadGenerator { JobCount = 1500, MaxProcessors = 32, Load = 1, Seed = 9 }.Generate();
        var policy = BurstPolicy.Preset(preset) with { MaxNodes = 24, DailyBudget = cap };
        var options = new SimulationOptions { LocalNodes = 32, BootSpread = spread };
        Dictionary<string, long> busyUntil = [];
        var fullest = 0m;
        var run = new SimulationRun(trace, policy, options)
        {
            Started = job =>
            {
                Assert.Equal(job.Nodes, job.NodeNames.Distinct().Count());
                Assert.Equal(job.IsOnBurst, job.NodeNames.TrueForAll(n => n.StartsWith('b')));
                Assert.Equal(!job.IsOnBurst, job.NodeNames.TrueForAll(n => n.StartsWith('n')));
                foreach (var node in job.NodeNames)
                {
                    Assert.True(busyUntil.GetValueOrDefault(node) <= job.Started, $"{node} runs two jobs.");
                    busyUntil[node] = job.Started + job.Run;
                }
            },
            Decided = (_, state, _) =>
            {
                fullest = Math.Max(fullest, state.Budget!.Committed);
                Assert.True(state.Nodes.Count <= policy.MaxNodes);
            },
        };
        var result = run.Run(default);
        Assert.Equal(1500, result.JobCount + result.RefusedCount);
        Assert.InRange(fullest, cap / 10, cap + 0.0001m);
        Assert.InRange(result.MaxDayCost, cap / 10, cap);
        Assert.Equal(0, result.Overshoot);
    }

    [Fact]
    public async Task Same_input_gives_the_same_output_side_by_side()
    {
        var trace = new WorkloadGenerator { JobCount = 800, MaxProcessors = 32, Load = 0.9 }.Generate();
        var options = new SimulationOptions { BootSpread = 0.5 };
        var policy = BurstPolicy.PredictedWait with { DailyBudget = 100 };
        var results = await BurstSimulation.CompareAsync(trace, [null, policy, policy], options);
        Assert.Equal("None", results[0].Policy);
        Assert.Equal(results[1] with { Series = [] }, results[2] with { Series = [] });
        Assert.Equal(results[1].Series, results[2].Series);
        Assert.Equal(options.SampleCount, results[1].Series.Count);
    }

    [Fact]
    public void Weighing_cost_against_wait_saves_node_hours_without_longer_slowdowns()
    {
        var trace = new WorkloadGenerator { JobCount = 6000, MaxProcessors = 128, Load = 0.75, Seed = 21 }.Generate();
        var immediate = BurstSimulation.Run(trace, BurstPolicy.Immediate with { MaxNodes = 128, MaxLifetime = TimeSpan.FromDays(30) }, new SimulationOptions());
        var predicted = BurstSimulation.Run(trace, BurstPolicy.PredictedWait with { MaxNodes = 128, MaxLifetime = TimeSpan.FromDays(30) }, new SimulationOptions());
        Assert.InRange(predicted.BilledNodeHours / immediate.BilledNodeHours, 0, 0.7);
        Assert.InRange(predicted.BoundedSlowdown, 1, immediate.BoundedSlowdown);
    }

    [Fact]
    public void Picture_is_well_formed_whatever_names_are_in_it()
    {
        var result = BurstSimulation.Run(Trace((0, 60, 1), (9, 60, 1)) with { Name = "<a & \"b\">\u0001" }, null, new SimulationOptions { LocalNodes = 1 });
        var svg = XDocument.Parse(SimulationPicture.Draw([result])).Root!;
        Assert.Equal(4, svg.Descendants().Count(e => e.Name.LocalName == "polyline"));
        Assert.Contains(svg.Descendants(), e => e.Value == "<a & \"b\">");
        Assert.DoesNotContain(XDocument.Parse(SimulationPicture.Draw([])).Descendants(), e => e.Name.LocalName == "polyline");
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        var trace = Trace((0, 60, 1));
        Assert.Throws<ArgumentException>(() => BurstSimulation.Run(trace, null, new SimulationOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => BurstSimulation.Run(trace, null, new SimulationOptions { LocalNodes = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => BurstSimulation.Run(trace, null, new SimulationOptions { LocalNodes = 1, AssumedLimit = 0.5 }));
    }

    private static WorkloadTrace Trace(params (int Submit, int Run, int Nodes)[] jobs) => new()
    {
        Name = "small",
        Jobs = [.. jobs.Select((j, i) => new WorkloadJob { Id = $"{i + 1}", SubmittedAt = Queue.Now.AddSeconds(j.Submit), RunTime = TimeSpan.FromSeconds(j.Run), Processors = j.Nodes })],
    };
}
