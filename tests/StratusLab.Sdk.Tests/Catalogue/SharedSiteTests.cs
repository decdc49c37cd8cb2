using StratusLab.Core;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

public sealed class SharedSiteTests
{
    [RequiresFact(Need.Postgres)]
    public async Task Two_machines_see_the_same_hosts_and_sizes_and_each_other()
    {
        var database = await Catalogues.NewAsync(CatalogueKind.Postgres);
        await using var one = await TestSite.OpenAsync(database: database);
        await using var two = await TestSite.OpenAsync(database: database);
        await one.AddHostsAsync(1);
        await one.Site.Sizes.AddAsync(new VmSize("own", 1, ByteSize.FromGiB(1), ByteSize.Zero));

        Assert.Equal("node1", (await two.Site.Hosts.GetAsync("NODE1")).Name);
        Assert.Equal("own", (await two.Site.Sizes.GetAsync("OWN")).Name);
        Assert.Equal((one.Site.Name, 2), (two.Site.Name, (await two.Site.InspectAsync()).LiveSessions));
    }

    [RequiresFact(Need.Postgres)]
    public async Task What_a_killed_process_left_is_taken_over_from_another_machine()
    {
        var database = await Catalogues.NewAsync(CatalogueKind.Postgres);
        await using var here = await TestSite.OpenAsync(database: database);
        await here.AddHostsAsync(1);
        await using (var there = OtherProcess.StartOn(database, "hold", TestSite.NewFolder(), "3"))
        {
            Assert.Equal(Program.Ready, await there.ReadLineAsync());
            Assert.Equal((3, 0), await CountAsync(here));
            await there.KillAsync();
        }

        var status = await here.Site.InspectAsync();
        Assert.Equal((3, 3), (status.OpenIntents, status.InterruptedIntents));
        Assert.Equal(3, await here.Site.RepairAsync().CountAsync());
        Assert.Equal((0, 0), await CountAsync(here));
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_server_that_restarts_is_a_clear_error_and_then_goes_on()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var test = await TestSite.OpenAsync(database: await server.CreateDatabaseAsync());
        await server.StopAsync();
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => test.Site.Sizes.AddAsync(new VmSize("lost", 1, ByteSize.FromGiB(1), ByteSize.Zero)));
        Assert.Equal(("CatalogueConnectionFailed", StratusErrorKind.Connection), (error.ErrorId, error.Kind));

        await server.ResumeAsync();
        await test.Site.Sizes.AddAsync(new VmSize("kept", 1, ByteSize.FromGiB(1), ByteSize.Zero));
        Assert.Equal(1, (await test.Site.InspectAsync()).LiveSessions);
        await Assert.ThrowsAsync<StratusException>(() => test.Site.Sizes.GetAsync("lost"));
    }

    [Theory]
    [InlineData("postgresql://me:hunter2@db/site")]
    [InlineData("postgresql://me@db/site?password=hunter2")]
    public async Task A_password_in_the_address_is_refused_and_not_repeated(string address)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => TestSite.OpenAsync(database: address));
        Assert.Equal("SiteDatabasePassword", error.ErrorId);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Open, int Interrupted)> CountAsync(TestSite site)
    {
        var status = await site.Site.InspectAsync();
        return (status.OpenIntents, status.InterruptedIntents);
    }
}
