using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>One writer at a time, and money that is reserved before it is spent.</summary>
public sealed class BurstLedgerTests
{
    [Theory]
    [OnSqlite, OnPostgres]
    public async Task A_second_controller_is_refused_and_told_who_and_until_when(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(kind: kind);
        await world.TickAsync();
        await using var other = await world.OpenSiteAsync(new BurstProcess());
        var error = await Assert.ThrowsAsync<StratusException>(() => other.Bursts.StartAsync(world.OptionsFor(new BurstProcess())));
        Assert.Equal(("BurstHeld", true), (error.ErrorId, error.IsTransient));
        Assert.Contains("tester@lab, process", error.Message, StringComparison.Ordinal);
        Assert.Contains((await world.StatusAsync()).LeaseUntil!.Value.ToString("u", null), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task A_controller_that_lost_its_tenure_changes_nothing_more(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(kind: kind);
        world.Queue.Submit("1", 4, TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        world.Queue.Submit("2", 1, TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        await world.TickAsync();

        // It stood still for longer than its tenure; another has taken over.
        world.Faults.Now += BurstLedger.TenureTime;
        var process = new BurstProcess();
        await using var other = await world.OpenSiteAsync(process);
        await using var controller = await other.Bursts.StartAsync(world.OptionsFor(process));
        var (launched, status) = (world.Cloud.Launched, await world.StatusAsync());
        world.Queue.Submit("3", 1, TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        for (var i = 0; i < 2; i++)
            Assert.Equal("BurstTenureLost", (await Assert.ThrowsAsync<StratusException>(() => world.Controller!.TickAsync())).ErrorId);
        Assert.Equal((launched, status.GrantCount), (world.Cloud.Launched, (await world.StatusAsync()).GrantCount));
        Assert.DoesNotContain(world.Queue.Jobs.Single(j => j.Id == "3").Partitions, p => p == "burst");

        // The new one goes on with what the old one began.
        await controller.TickAsync();
        Assert.Contains(world.Queue.Jobs.Single(j => j.Id == "3").Partitions, p => p == "burst");
        Assert.Empty(world.Cloud.Doubled);
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task One_that_is_let_go_can_be_taken_at_once(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(kind: kind);
        await world.TickAsync();
        await world.Controller!.DisposeAsync();
        var process = new BurstProcess();
        await using var other = await world.OpenSiteAsync(process);
        await using var controller = await other.Bursts.StartAsync(world.OptionsFor(process));
        Assert.Equal(BurstRunState.Running, (await controller.TickAsync()).State);
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task Without_a_budget_a_burst_does_not_start(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(kind: kind);
        var process = new BurstProcess();
        await using var site = await world.OpenSiteAsync(process);
        var options = world.OptionsFor(process);
        options = options with { Definition = options.Definition with { Policy = options.Definition.Policy with { DailyBudget = null } } };
        Assert.Equal("BurstBudgetMissing", (await Assert.ThrowsAsync<InvalidInputException>(() => site.Bursts.StartAsync(options))).ErrorId);
        Assert.Empty(await site.Bursts.ListAsync().ToListAsync());
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task A_VM_that_no_node_had_is_paid_for_once_however_often_its_removal_is_begun_and_ends(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(kind: kind);
        await world.TickAsync();
        await world.ForgetAsync();
        var ledger = world.Site.Bursts.Ledger;
        var tenure = await ledger.TakeAsync("peak", "tester", CancellationToken.None);
        var stray = new VirtualMachine
        {
            Id = new VmId("cloud", "i-stray"),
            Name = "burst-004",
            State = VmState.Running,
            RequestId = Guid.NewGuid(),
            CreatedAt = world.Faults.Now - TimeSpan.FromMinutes(15),
        };
        await SettleAsync(BurstNodeState.Terminating);
        Assert.Equal(0.5m, (await world.StatusAsync()).SpentToday);

        // A controller that ends here has counted what there was to count; the next one removes it again.
        world.Faults.Now += TimeSpan.FromMinutes(3);
        await SettleAsync(BurstNodeState.Terminating);
        Assert.Equal(0.6m, (await world.StatusAsync()).SpentToday);
        for (var i = 0; i < 2; i++)
        {
            world.Faults.Now += TimeSpan.FromMinutes(3);
            await SettleAsync(BurstNodeState.Terminated);
            Assert.Equal(0.7m, (await world.StatusAsync()).SpentToday);
        }

        Task SettleAsync(BurstNodeState to) => ledger.WriteAsync(
            tenure,
            w =>
            {
                w.SettleStray(stray, new BurstTransition(stray.Name, 0, null, to, BurstNodeCause.Removed, stray.Id.ToString(), w.Now), pricePerHour: 2);
                return 0;
            });
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task Four_controllers_that_race_reserve_what_one_may(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(budget: 10, price: 1, kind: kind);
        var sites = new List<StratusSite>();
        try
        {
            for (var i = 0; i < 4; i++) sites.Add(await world.OpenSiteAsync(new BurstProcess()));
            var ledgers = sites.ConvertAll(s => s.Bursts.Ledger);
            var admitted = 0;
            await Task.WhenAll(ledgers.Select((ledger, who) => Task.Run(async () =>
            {
                for (var i = 0; i < 25; i++)
                {
                    try
                    {
                        // Each takes over from whoever had it: nobody waits for a tenure to end here.
                        var tenure = await ledger.TakeAsync(world.Definition, $"{who}", CancellationToken.None);
                        if (await ledger.WriteAsync(tenure, w => new LedgerAdmission(w).Admit(Ask($"{who}-{i}", w.Now.AddHours(1)), false)) is null) Interlocked.Increment(ref admitted);
                        await ledger.ReleaseAsync(tenure);
                    }
                    catch (StratusException e) when (e.ErrorId is "BurstHeld" or "BurstTenureLost")
                    {
                        await Task.Yield();
                    }
                }
            })));
            var state = await ledgers[0].ReadAsync("peak", CancellationToken.None);
            Assert.Equal(admitted, state.Grants.Count);
            Assert.InRange(admitted, 1, 8);
            var budget = state.BudgetAt(world.Faults.Now);
            Assert.InRange(budget.Committed, 0, budget.DailyCap);
        }
        finally
        {
            foreach (var site in sites) await site.DisposeAsync();
        }
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task What_crosses_midnight_is_reserved_and_paid_on_both_days(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(budget: 3, price: 1, kind: kind);
        world.Faults.Now = new DateTimeOffset(2026, 11, 2, 23, 0, 0, TimeSpan.Zero);
        await using var site = await world.OpenSiteAsync(new BurstProcess());
        var ledger = site.Bursts.Ledger;
        var tenure = await ledger.TakeAsync(world.Definition, "me", CancellationToken.None);
        Assert.Null(await ledger.WriteAsync(tenure, w => new LedgerAdmission(w).Admit(Ask("1", w.Now.AddHours(3)), false)));
        Assert.Null(await ledger.WriteAsync(tenure, w => new LedgerAdmission(w).Admit(Ask("2", w.Now.AddHours(2)), false)));

        // Of tomorrow three are reserved by then; of today one is free.
        Assert.NotNull(await ledger.WriteAsync(tenure, w => new LedgerAdmission(w).Admit(Ask("3", w.Now.AddHours(2)), false)));
        Assert.Null(await ledger.WriteAsync(tenure, w => new LedgerAdmission(w).Admit(Ask("4", w.Now.AddHours(1)), false)));
        Assert.Equal([3m, 3m], (await ledger.ReadAsync("peak", CancellationToken.None)).BudgetAt(world.Faults.Now).Reserved.Select(r => decimal.Round(r, 6)));
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task Settled_costs_fall_on_the_days_on_which_they_arose(CatalogueKind kind)
    {
        await using var world = await BurstWorld.OpenAsync(budget: 30, price: 1, kind: kind);
        world.Faults.Now = new DateTimeOffset(2026, 11, 2, 22, 0, 0, TimeSpan.Zero);
        await using var site = await world.OpenSiteAsync(new BurstProcess());
        var ledger = site.Bursts.Ledger;
        var tenure = await ledger.TakeAsync(world.Definition, "me", CancellationToken.None);
        var node = await ledger.WriteAsync(tenure, w => w.BeginNode("peak", null, "burst-001", "burst", VmMarket.OnDemand, 2, w.Now.AddHours(9), "1", false));
        world.Faults.Now += TimeSpan.FromHours(5);
        await ledger.WriteAsync(tenure, w => w.Save(node with { LaunchedAt = w.Now.AddHours(-5), State = BurstNodeState.Terminated, EndedAt = w.Now }, []));

        // Writing it again counts nothing twice.
        var ended = (await ledger.ReadAsync("peak", CancellationToken.None)).Nodes.Single();
        await ledger.WriteAsync(tenure, w => w.Save(ended, []));
        Assert.Equal(6, (await ledger.ReadAsync("peak", CancellationToken.None)).BudgetAt(world.Faults.Now).Spent);
        world.Faults.Now -= TimeSpan.FromHours(5);
        Assert.Equal(4, (await ledger.ReadAsync("peak", CancellationToken.None)).Settled);
    }

    private static BudgetRequest Ask(string job, DateTimeOffset until) => new() { JobId = job, NodeClass = "burst", PricePerHour = 1, Fresh = 1, Until = until };
}
