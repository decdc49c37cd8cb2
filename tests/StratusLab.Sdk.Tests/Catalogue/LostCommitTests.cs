using StratusLab.Core;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

/// <summary>A connection that breaks while a change is being kept.</summary>
public sealed class LostCommitTests
{
    private static readonly SessionPace ShortPatience = SessionPace.Default with { Patience = TimeSpan.FromSeconds(1) };

    [RequiresFact(Need.Postgres)]
    public async Task A_change_that_was_kept_though_the_answer_was_lost_is_a_success()
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var wire = new PostgresWire(await Catalogues.Server);
        await using var test = await TestSite.OpenAsync(database: wire.AddressOf(database));

        wire.Fault = WireFault.AnswerLost;
        var entries = await Program.OpenAsync(test.Site, 2);
        Assert.Equal(WireFault.None, wire.Fault);
        Assert.Equal(entries.Select(e => e.Id), (await test.OpenEntriesAsync()).Select(e => e.Id).Order());
        var status = await test.Site.InspectAsync();
        Assert.Equal((2, 0), (status.OpenIntents, status.InterruptedIntents));
    }

    [Fact]
    public void What_the_driver_stumbles_over_is_a_broken_connection_and_what_others_do_is_not()
    {
        string? nothing = null;
        var stumble = Record.Exception(() => nothing!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))!;
        Assert.IsType<NullReferenceException>(stumble);
        Assert.Null(PostgresErrors.Find(stumble));
        stumble.Source = "Npgsql";
        Assert.NotNull(PostgresErrors.Find(stumble));
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_change_of_which_the_server_did_not_hear_was_not_made_and_is_told_so()
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var wire = new PostgresWire(await Catalogues.Server);
        await using var test = await TestSite.OpenAsync(database: wire.AddressOf(database));

        wire.Fault = WireFault.CommitLost;
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => Program.OpenAsync(test.Site, 2));
        Assert.Equal((WireFault.None, "CatalogueConnectionFailed", RequestState.NotSent), (wire.Fault, error.ErrorId, error.RequestState));
        Assert.Empty(await test.OpenEntriesAsync());
        Assert.Equal(2, (await Program.OpenAsync(test.Site, 2)).Count);
    }

    [RequiresTheory(Need.Postgres)]
    [InlineData(WireFault.AnswerLost, 2)]
    [InlineData(WireFault.CommitLost, 0)]
    public async Task What_cannot_be_found_out_is_told_as_unknown_and_intents_that_are_there_after_all_are_settled(WireFault fault, int there)
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var wire = new PostgresWire(await Catalogues.Server);
        await using var test = await TestSite.OpenAsync(database: wire.AddressOf(database), pace: ShortPatience);
        await test.AddHostsAsync(1);

        (wire.StaysDown, wire.Fault) = (true, fault);
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => Program.OpenAsync(test.Site, 2));
        Assert.Equal(("CatalogueConnectionFailed", RequestState.Unknown), (error.ErrorId, error.RequestState));

        // The process lives, but nothing in it answers for them.
        wire.IsDown = false;
        var status = await test.Site.InspectAsync();
        Assert.Equal((there, there), (status.OpenIntents, status.InterruptedIntents));
        Assert.Equal(there, await test.Site.RepairAsync().CountAsync());
        Assert.Empty(await test.OpenEntriesAsync());
    }

    [RequiresFact(Need.Postgres)]
    public async Task That_a_call_could_not_be_journalled_says_nothing_of_how_far_it_got()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var catalogue = await PostgresCatalogue.OpenAsync(DatabaseUri.Parse(database), SessionPace.Default, CancellationToken.None);
        var journal = new SiteCallJournal(catalogue, "aws", TimeProvider.System);
        var call = await journal.BeginAsync(new CallIntent("RunInstances", "t", "x", [Guid.NewGuid()]));

        // What the server refuses, and what does not reach it.
        await server.SqlAsync(PostgresServer.NameOf(database), "ALTER TABLE stratuslab.host_call RENAME TO away");
        await AssertDoubtAsync("CatalogueFailed");
        await server.StopAsync();
        await AssertDoubtAsync("CatalogueConnectionFailed");

        async Task AssertDoubtAsync(string id)
        {
            var error = await Assert.ThrowsAsync<HostConnectionException>(() => journal.SettleAsync(call.Id, CallState.Done, "i-1"));
            Assert.Equal((id, RequestState.Unknown), (error.ErrorId, error.RequestState));
            Assert.True(HostErrors.LeavesDoubt(error));
        }
    }
}
