using System.Globalization;
using StratusLab.Core;
using Xunit.Abstractions;

namespace StratusLab.Sdk.Tests;

/// <summary>Short bursts in which much goes wrong: nothing is left over, nothing is launched twice, and no day costs more than it may.</summary>
public sealed class BurstFaultTests(ITestOutputHelper output)
{
    private const string SeedVariable = "STRATUS_BURST_SEED";

    [Fact]
    public async Task A_crash_at_each_point_of_a_burst_loses_nothing_and_doubles_nothing()
    {
        var points = await CountPointsAsync(BurstFault.Crash);
        Assert.InRange(points, 200, 20_000);

        // Evenly over the whole burst; the long test takes them all.
        await EachAsync(Enumerable.Range(0, points).Where(p => p % Math.Max(1, points / 25) == 0), BurstFault.Crash);
    }

    [Fact]
    public async Task A_reply_lost_at_each_point_of_a_burst_loses_nothing_and_doubles_nothing()
    {
        var points = await CountPointsAsync(BurstFault.LostReply);
        await EachAsync(Enumerable.Range(0, points).Where(p => p % Math.Max(1, points / 15) == 0), BurstFault.LostReply);
    }

    [Fact]
    public async Task Random_faults_lose_nothing_double_nothing_and_stay_within_the_budget() => await RandomAsync(faults: 700, seed: 11);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Ten_thousand_random_faults_lose_nothing_double_nothing_and_stay_within_the_budget() => await RandomAsync(
        faults: 10_000, seed: Environment.GetEnvironmentVariable(SeedVariable) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next());

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_crash_at_every_point_of_a_burst_loses_nothing_and_doubles_nothing() =>
        await EachAsync(Enumerable.Range(0, await CountPointsAsync(BurstFault.Crash)), BurstFault.Crash);

    [Fact]
    public async Task A_removal_that_was_begun_twice_without_an_answer_is_settled()
    {
        await using var world = await BurstWorld.OpenAsync();
        world.Queue.Submit("1", 4, TimeSpan.FromMinutes(600), TimeSpan.FromMinutes(500));
        world.Queue.Submit("2", 1, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(20));
        await world.UntilAsync(() => world.Cloud.Launched == 1);
        var vm = (await world.NodesAsync()).Single().Vm!.Value;
        world.Faults.Chances[BurstFault.LostReply] = 1;
        for (var time = 0; time < 2; time++) await world.Site.Vms.RemoveAsync([vm], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
        world.Faults.Chances.Clear();
        Assert.Equal(2, await world.Site.Journal.ListAsync(openOnly: true).CountAsync());
        await world.Site.RepairAsync().ToListAsync();
        Assert.Empty(await world.Site.Journal.ListAsync(openOnly: true).ToListAsync());
    }

    // An answer is lost, and the next time the name is taken: by the machine that the first time made.
    [Fact]
    public async Task A_machine_costs_from_its_launch_on_although_asking_again_for_it_was_refused()
    {
        const int Seed = 1413343337;
        await using var world = await RunAsync(Seed, w => Spoil(w, Seed), asks: false);
        Assert.InRange(world.Cloud.Launched, 1, 6);
    }

    private async Task RandomAsync(int faults, int seed)
    {
        output.WriteLine($"Set {SeedVariable}={seed} to repeat this run.");
        var (injected, crashes, launched, bursts) = (0, 0, 0, 0);
        for (; injected < faults; bursts++)
        {
            await using var world = await RunAsync(seed + bursts, w => Spoil(w, seed + bursts), asks: bursts % 2 == 1);
            injected += world.Faults.Injected;
            crashes += world.Crashes;
            launched += world.Cloud.Launched;
        }

        output.WriteLine($"{injected} faults, {crashes} crashes among them, in {bursts} bursts with {launched} machines.");
    }

    private static void Spoil(BurstWorld world, int seed)
    {
        var random = new Random(seed);
        double Up(double most) => most * random.NextDouble();
        world.Faults.Chances[BurstFault.Crash] = Up(0.004);
        world.Faults.Chances[BurstFault.LostRequest] = Up(0.15);
        world.Faults.Chances[BurstFault.LostReply] = Up(0.15);
        world.Faults.Chances[BurstFault.NoCapacity] = Up(0.2);
        world.Faults.Chances[BurstFault.LaggingList] = Up(0.6);
        world.Faults.Chances[BurstFault.NeverBoots] = Up(0.1);
    }

    private static async Task<int> CountPointsAsync(BurstFault fault)
    {
        await using var world = await RunAsync(7, w => (w.Faults.Chances[fault], w.Faults.OnlyAt) = (1, -1), asks: false);
        return world.Faults.Points;
    }

    private static async Task EachAsync(IEnumerable<int> points, BurstFault fault)
    {
        foreach (var point in points)
        {
            await using var world = await RunAsync(7, w => (w.Faults.Chances[fault], w.Faults.OnlyAt) = (1, point), asks: point % 2 == 1);
            Assert.True(world.Faults.Injected <= 1);
        }
    }

    // One burst from its first job to its last node.
    private static async Task<BurstWorld> RunAsync(int seed, Action<BurstWorld> spoil, bool asks)
    {
        var random = new Random(seed);
        var budget = 2 + (6 * (decimal)random.NextDouble());
        var world = await BurstWorld.OpenAsync(seed, asks, budget, price: 1, localNodes: 3, nodeCount: 6);
        for (var job = 1; job <= 4; job++)
        {
            var limit = TimeSpan.FromMinutes(random.Next(6, 20));
            world.Queue.Submit($"{job}", random.Next(1, 4), limit, limit * (0.2 + (0.8 * random.NextDouble())));
        }

        spoil(world);
        for (var end = world.Faults.Now.AddMinutes(25); world.Queue.Jobs.Count > 0 && world.Faults.Now < end;)
        {
            await world.TickAsync();
            Check(world, seed);
        }

        // From now on nothing goes wrong: whatever is left has to go.
        world.Faults.Chances.Clear();
        await world.UntilAsync(() => world.Queue.Jobs.Count == 0, TimeSpan.FromHours(4));
        await world.UntilAsync(() => world.Controller is not null);
        await world.StopAsync(force: false);
        await world.UntilAsync(() => world.Ticks.LastOrDefault()?.State is BurstRunState.Stopped, TimeSpan.FromHours(1));
        Check(world, seed);
        Assert.Empty(world.Cloud.Living);
        Assert.Equal(4, world.Queue.Ended);
        var status = await world.StatusAsync();
        Assert.Equal((0, 0, 0m), (status.NodeCount, status.GrantCount, status.ReservedToday));
        Assert.True(status.SpentToday >= world.Cloud.CostOf(world.Faults.Day) * 0.999m, $"Seed {seed}: the ledger counted {status.SpentToday}, the cloud {world.Cloud.CostOf(world.Faults.Day)}.");
        Assert.Empty(await world.Site.Journal.ListAsync(openOnly: true).ToListAsync());
        return world;
    }

    private static void Check(BurstWorld world, int seed)
    {
        Assert.True(world.Cloud.Doubled.Count == 0, $"Seed {seed}: launched twice: {string.Join(", ", world.Cloud.Doubled)}");
        var cap = world.Definition.Policy.DailyBudget!.Value;
        var paid = world.Cloud.CostOf(world.Faults.Day);
        Assert.True(paid <= cap * 1.01m, $"Seed {seed}: {paid:0.000} of {cap:0.000} were spent.");
    }
}
