namespace StratusLab.Sdk.Tests;

/// <summary>A controller at work, without faults or with one.</summary>
public sealed class BurstControllerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Jobs_that_would_wait_run_on_burst_nodes_which_then_go(bool asks)
    {
        await using var world = await BurstWorld.OpenAsync(asks: asks);
        world.Queue.Submit("1", 1, Minutes(60), Minutes(40));
        world.Queue.Submit("2", 2, Minutes(30), Minutes(20));
        world.Queue.Submit("3", 1, Minutes(30), Minutes(20));
        await world.UntilAsync(() => world.Queue.Jobs.Count == 0);

        Assert.Equal(3, world.Queue.Ended);
        Assert.Equal(2, world.Queue.EndedOnBurst);
        Assert.Equal(3, world.Cloud.Launched);
        await world.UntilAsync(() => world.Cloud.Living.Count == 0, Minutes(10));
        await world.TickAsync();
        var status = await world.StatusAsync();
        Assert.Equal(0, status.NodeCount);
        Assert.Equal(0, status.ReservedToday);

        // The ledger counts from the intent to the removal, as the cloud does.
        var paid = world.Cloud.CostOf(world.Faults.Day);
        Assert.InRange(status.SpentToday, paid, paid * 1.01m);
    }

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
