using StratusLab.Rig;

namespace StratusLab.Sdk.Tests;

/// <summary>What a controller keeps while it works: its nodes' leases and its own tenure.</summary>
public sealed class BurstKeepingTests
{
    [Fact]
    public async Task Who_takes_over_renews_the_leases_before_it_asks_the_host()
    {
        await using var world = await StartAsync();
        await world.BuryAsync();
        world.Faults.Now += TimeSpan.FromMinutes(2);
        DateTimeOffset? seen = null;
        world.Cloud.Hold = _ =>
        {
            seen ??= world.Queue.LeaseOf(Node);
            return Task.CompletedTask;
        };
        var expected = world.Faults.Now + world.Definition.Policy.Lease;
        await world.TickAsync();
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task While_the_host_takes_its_time_for_a_launch_nodes_keep_their_leases_and_the_controller_its_burst()
    {
        await using var world = await StartAsync();
        var policy = world.Definition.Policy;
        world.Queue.Submit("3", 1, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(20));
        var launched = world.Cloud.Launched;
        string? refusal = null;
        world.Cloud.Hold = async call =>
        {
            if (call == "list") return;
            world.Cloud.Hold = null;
            world.Faults.Now += policy.Lease / 2;
            var expected = world.Faults.Now + policy.Lease;
            await Poll.UntilAsync("the lease to be renewed", () => world.Queue.LeaseOf(Node) == expected, TimeSpan.FromSeconds(30));
            var process = new BurstProcess();
            await using var other = await world.OpenSiteAsync(process);
            refusal = (await Assert.ThrowsAsync<Core.StratusException>(() => other.Bursts.StartAsync(world.OptionsFor(process)))).ErrorId;
        };
        await world.UntilAsync(() => world.Cloud.Launched > launched);
        Assert.Equal("BurstHeld", refusal);
    }

    private const string Node = "burst-001";

    // One that works on a node.
    private static async Task<BurstWorld> StartAsync()
    {
        var world = await BurstWorld.OpenAsync();
        world.Definition = world.Definition with { Policy = world.Definition.Policy with { Tick = TimeSpan.FromSeconds(1) } };
        world.Queue.Submit("1", 4, TimeSpan.FromMinutes(600), TimeSpan.FromMinutes(500));
        world.Queue.Submit("2", 1, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(50));
        await world.UntilAsync(() => world.Queue.Jobs.Single(j => j.Id == "2").Nodes is [Node]);
        return world;
    }
}
