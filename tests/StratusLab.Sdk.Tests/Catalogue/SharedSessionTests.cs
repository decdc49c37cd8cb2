using StratusLab.Core;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;
using StratusLab.Sim;

namespace StratusLab.Sdk.Tests;

/// <summary>Which processes of a shared site live, and what becomes of the work of those that do not.</summary>
public sealed class SharedSessionTests
{
    // Heard of often, and soon taken for dead.
    private static readonly SessionPace Impatient = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(2));

    private const string OfSessions = "locktype = 'advisory' AND objid > 0 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    [RequiresFact(Need.Postgres)]
    public async Task What_a_killed_process_left_is_taken_over_from_another_machine_after_the_grace()
    {
        var database = await Catalogues.NewAsync(CatalogueKind.Postgres);
        await using var here = await TestSite.OpenAsync(database: database, pace: Impatient);
        await using var patient = await TestSite.OpenAsync(database: database);
        await here.AddHostsAsync(1);
        await using (var there = OtherProcess.StartOn(database, "hold", TestSite.NewFolder(), "3"))
        {
            Assert.Equal(Program.Ready, await there.ReadLineAsync());
            Assert.Equal((3, 0), await CountAsync(here));
            await there.KillAsync();
        }

        Assert.Equal((3, 0), await CountAsync(patient));
        Assert.Empty(await patient.Site.RepairAsync().ToListAsync());
        await UntilAsync(async () => await CountAsync(here) == (3, 3));
        Assert.Equal(3, await here.Site.RepairAsync().CountAsync());
        Assert.Equal((0, 0), await CountAsync(here));
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_connection_that_breaks_is_no_death()
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var cut = await TestSite.OpenAsync(database: database);
        await cut.AddHostsAsync(1);
        await Program.OpenAsync(cut.Site, 2);
        await using var other = await TestSite.OpenAsync(database: database);
        var lockOfCut = await UntilLockedAsync(database);

        await SqlAsync(database, $"SELECT pg_terminate_backend({lockOfCut})");
        Assert.Empty(await other.Site.RepairAsync().ToListAsync());
        Assert.Equal((2, 0), await CountAsync(other));

        // It is held again without anybody's doing.
        Assert.NotEqual(lockOfCut, await UntilLockedAsync(database, not: lockOfCut));
        Assert.Equal(2, (await other.Site.InspectAsync()).LiveSessions);
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_process_that_stands_still_lives_while_its_lock_is_held_but_not_for_ever()
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var there = OtherProcess.StartOn(database, "hold", TestSite.NewFolder(), "3");
        Assert.Equal(Program.Ready, await there.ReadLineAsync());
        await UntilLockedAsync(database);
        await there.StopAsync();
        await using var here = await TestSite.OpenAsync(database: database);

        await SqlAsync(database, "UPDATE stratuslab.site_session SET heard_at = clock_timestamp() - interval '2 minutes' WHERE lock = 1");
        Assert.Equal((3, 0), await CountAsync(here));

        // As a pool of connections would hold it for one that is gone.
        await SqlAsync(database, "UPDATE stratuslab.site_session SET heard_at = clock_timestamp() - interval '6 minutes' WHERE lock = 1");
        Assert.Equal((3, 3), await CountAsync(here));
        await UntilLockedAsync(database);
    }

    [RequiresFact(Need.Postgres)]
    public async Task Who_was_taken_over_from_while_it_was_cut_off_writes_nothing_more_and_says_so()
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var wire = new PostgresWire(await Catalogues.Server);
        await using var cut = await TestSite.OpenAsync(database: wire.AddressOf(database), pace: Impatient);
        await cut.AddHostsAsync(1);
        await Program.OpenAsync(cut.Site, 2);
        await using var other = await TestSite.OpenAsync(database: database, pace: Impatient);

        wire.IsDown = true;
        await UntilAsync(async () => await CountAsync(other) == (2, 2));
        Assert.Equal(2, await other.Site.RepairAsync().CountAsync());
        wire.IsDown = false;
        Assert.False(cut.Site.IsLost);
        var error = await Assert.ThrowsAsync<StratusException>(() => Program.OpenAsync(cut.Site, 1));
        Assert.Equal("SiteSessionLost", error.ErrorId);
        Assert.True(cut.Site.IsLost);
        Assert.Equal((0, 0), await CountAsync(other));
    }

    [RequiresFact(Need.Postgres)]
    public async Task Who_is_cut_off_ends_its_work_before_others_may_take_it_over_and_goes_on_afterwards()
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var wire = new PostgresWire(await Catalogues.Server);
        var clock = new Waiting();
        await using var test = await TestSite.OpenAsync(provider: new SimProviderFactory(clock), database: wire.AddressOf(database), pace: Impatient);
        await test.AddHostsAsync(1);
        await test.PublishAsync();
        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = ["atlas"], Size = "tiny" });
        test.FaultsOf(1).Delay = Waiting.Long;

        var creating = test.Site.Vms.CreateAsync(plan.Vms).ToListAsync().AsTask();
        await clock.HasBegun.Task.WaitAsync(TimeSpan.FromMinutes(2));
        wire.IsDown = true;
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => creating);
        Assert.Equal(("SiteSessionLapsed", RequestState.Unknown), (error.ErrorId, error.RequestState));

        // Nobody answers for the entry any more, so that this process settles it itself with its next change.
        wire.IsDown = false;
        test.FaultsOf(1).Delay = TimeSpan.Zero;
        await UntilAsync(async () => (await TryAsync(() => CountAsync(test))) == (1, 1));
        Assert.All(await test.CreateAsync("next", 1), o => Assert.Null(o.Error));
        Assert.Empty(await test.OpenEntriesAsync());
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_machine_that_vanishes_without_a_word_keeps_nobody_waiting()
    {
        var database = (await Catalogues.NewAsync(CatalogueKind.Postgres))!;
        await using var other = await TestSite.OpenAsync(database: database, pace: Impatient);
        await using var wire = new PostgresWire(await Catalogues.Server);
        await using var vanishing = await PostgresCatalogue.OpenAsync(DatabaseUri.Parse(wire.AddressOf(database)), Impatient, CancellationToken.None);
        using var held = SessionLock.Take(TestSite.NewFolder());
        var session = await vanishing.BeginSessionAsync(held, CancellationToken.None);
        await UntilAsync(async () => await SqlAsync(database, $"SELECT count(*) FROM pg_locks WHERE {OfSessions}") == "2\n");
        Assert.Equal(2, (await other.Site.InspectAsync()).LiveSessions);

        // It is gone in the middle of a write, when all the others wait for its end.
        var write = vanishing.WriteAsync(_ => wire.IsFrozen = true);
        await UntilAsync(() => Task.FromResult(wire.IsFrozen));
        await other.Site.Sizes.AddAsync(new VmSize("own", 1, ByteSize.FromGiB(1), ByteSize.Zero));
        await UntilAsync(async () => (await other.Site.InspectAsync()).LiveSessions == 1);

        wire.IsDown = true;
        Assert.Equal(RequestState.Unknown, (await Assert.ThrowsAsync<HostConnectionException>(() => write)).RequestState);
        await session.DisposeAsync();
    }

    private static async Task<(int Open, int Interrupted)> CountAsync(TestSite site)
    {
        var status = await site.Site.InspectAsync();
        return (status.OpenIntents, status.InterruptedIntents);
    }

    private static async Task<T?> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (HostConnectionException)
        {
            return default;
        }
    }

    private static async Task<string> SqlAsync(string database, string sql) => await (await Catalogues.Server).SqlAsync(PostgresServer.NameOf(database), sql);

    private static async Task<string> UntilLockedAsync(string database, string not = "")
    {
        var pid = string.Empty;
        await UntilAsync(async () =>
        {
            pid = (await SqlAsync(database, $"SELECT pid FROM pg_locks WHERE objid = 1 AND {OfSessions}")).Trim();
            return pid.Length > 0 && pid != not;
        });
        return pid;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await holds()) await Task.Delay(50, limit.Token);
    }

    /// <summary>Tells when a host begins to take long.</summary>
    private sealed class Waiting : TimeProvider
    {
        public static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

        public TaskCompletionSource HasBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Long) HasBegun.TrySetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
