using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

public sealed class SharedBurstTests
{
    [RequiresFact(Need.Postgres)]
    public async Task A_burst_of_50_nodes_goes_on_from_another_machine_after_each_crash()
    {
        await using var world = await BurstWorld.OpenAsync(budget: 10_000, nodeCount: 50, kind: CatalogueKind.Postgres);
        world.Queue.Submit("1", 4, TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        for (var job = 0; job < 50; job++) world.Queue.Submit($"{job + 2}", 1, TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++)
        {
            await world.TickAsync();
            await world.BuryAsync();
        }

        await world.UntilAsync(() => world.Cloud.Launched >= 50);
        for (var i = 0; i < 6; i++) await world.TickAsync();
        Assert.Equal(50, world.Cloud.Launched);
        Assert.Empty(world.Cloud.Doubled);
        Assert.Equal(50, (await world.NodesAsync()).Count(n => !n.HasEnded));
        Assert.Equal(3, world.Crashes);
    }
}
