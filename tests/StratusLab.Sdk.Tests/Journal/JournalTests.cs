using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class JournalTests
{
    [Theory]
    [OnSqlite, OnPostgres]
    public async Task Secrets_never_reach_the_files_of_the_site(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        await using var test = await TestSite.OpenAsync(database: database);
        var entries = await Program.OpenAsync(test.Site, 1);

        Assert.DoesNotContain("hunter", entries[0].Request, StringComparison.Ordinal);
        Assert.Contains("sha256:", entries[0].Request, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(test.Site.Folder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content);
            Assert.True(content.ToArray().AsSpan().IndexOf("hunter"u8) < 0, file);
        }
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task A_request_comes_back_as_it_was_but_for_secrets(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        await using var test = await TestSite.OpenAsync(database: database);
        var request = Program.Request("vm1") with { Labels = new Dictionary<string, string> { ["a"] = "b" }, Networks = ["lab"], ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(9) };
        var entry = Assert.Single(await test.Site.Journal.OpenAsync([JournalIntent.Create("node1", request)], CancellationToken.None));

        var back = SiteJournal.RequestOf(entry);

        Assert.Equal((request.RequestId, request.Name, request.Cpu, request.Memory, request.ExpiresAt), (back.RequestId, back.Name, back.Cpu, back.Memory, back.ExpiresAt));
        Assert.Equal(request.Image, back.Image);
        Assert.Equal(request.Labels, back.Labels);
        Assert.Equal(request.Networks, back.Networks);
        Assert.Equal(request.Guest.SshKeys, back.Guest.SshKeys);
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task The_entries_of_a_killed_process_are_settled_and_those_of_a_living_one_are_not(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        await using var test = await TestSite.OpenAsync(database: database);
        await test.AddHostsAsync(1);
        await using var other = OtherProcess.StartOn(database, "hold", test.Site.Folder, "5");
        Assert.Equal(Program.Ready, await other.ReadLineAsync());

        Assert.Empty(await test.Site.RepairAsync().ToListAsync());
        var before = await test.Site.InspectAsync();
        Assert.Equal((5, 0, 2), (before.OpenIntents, before.InterruptedIntents, before.LiveSessions));

        await other.KillAsync();
        var between = await test.Site.InspectAsync();
        Assert.Equal((5, 5, 1), (between.OpenIntents, between.InterruptedIntents, between.LiveSessions));

        test.FaultsOf(1).IsUnreachable = true;
        Assert.All(await test.Site.RepairAsync().ToListAsync(), o => Assert.Equal((RepairResult.Left, StratusErrorKind.Connection), (o.Result, o.Error!.Kind)));
        Assert.Equal(5, (await test.Site.InspectAsync()).InterruptedIntents);

        test.FaultsOf(1).IsUnreachable = false;
        var repaired = await test.Site.RepairAsync().ToListAsync();
        Assert.Equal(5, repaired.Count);
        Assert.All(repaired, o => Assert.Equal(RepairResult.Reaped, o.Result));
        Assert.Equal(0, (await test.Site.InspectAsync()).OpenIntents);
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task The_next_change_settles_what_a_killed_process_left(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        await using var test = await TestSite.OpenAsync(database: database);
        await test.AddHostsAsync(1);
        await test.PublishAsync();
        await using var other = OtherProcess.StartOn(database, "hold", test.Site.Folder, "3");
        Assert.Equal(Program.Ready, await other.ReadLineAsync());
        await other.KillAsync();

        Assert.All(await test.CreateAsync("atlas", 1), o => Assert.Null(o.Error));

        Assert.Empty(await test.OpenEntriesAsync());
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task Two_repairs_at_once_settle_each_entry_once(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        await using var test = await TestSite.OpenAsync(database: database);
        await test.AddHostsAsync(1);
        await using var held = OtherProcess.StartOn(database, "hold", test.Site.Folder, "50");
        Assert.Equal(Program.Ready, await held.ReadLineAsync());
        await held.KillAsync();

        await using var one = OtherProcess.StartOn(database, "repair", test.Site.Folder);
        await using var two = OtherProcess.StartOn(database, "repair", test.Site.Folder);
        var lines = await Task.WhenAll(one.EndAsync(), two.EndAsync());

        var settled = lines.SelectMany(l => l).ToList();
        Assert.Equal(50, settled.Count);
        Assert.Equal(50, settled.Distinct().Count());
        Assert.Empty(await test.OpenEntriesAsync());
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task Four_processes_race_to_make_and_fill_one_site(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        var folder = TestSite.NewFolder();
        var racers = Enumerable.Range(0, 4).Select(_ => OtherProcess.StartOn(database, "race", folder)).ToList();
        var names = await Task.WhenAll(racers.Select(r => r.EndAsync()));
        foreach (var racer in racers) await racer.DisposeAsync();

        await using (var test = await TestSite.OpenAsync(folder, database: database))
        {
            Assert.All(names, n => Assert.Equal([test.Site.Name], n));
            Assert.Equal(45, await test.Site.Sizes.ListAsync().CountAsync());
            Assert.Equal(800, await test.Site.Journal.ListAsync().CountAsync());
            Assert.Empty(await test.OpenEntriesAsync());
        }

        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task A_creation_cut_short_is_settled_or_left_open_and_a_repair_ends_it(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        await using var test = await TestSite.OpenAsync(database: database);
        await test.AddHostsAsync(2);
        await test.PublishAsync();
        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = VmNaming.Expand("atlas", 20), Size = "tiny" });
        test.FaultsOf(1).Delay = test.FaultsOf(2).Delay = TimeSpan.FromMilliseconds(200);

        await foreach (var outcome in test.Site.Vms.CreateAsync(plan.Vms))
        {
            Assert.Null(outcome.Error);
            break;
        }

        test.FaultsOf(1).Delay = test.FaultsOf(2).Delay = TimeSpan.Zero;
        var made = await test.ListAsync();
        var settled = await test.Site.Journal.ListAsync().Where(e => e.State == JournalState.Done).ToListAsync();
        Assert.NotEmpty(settled);
        Assert.All(settled, e => Assert.Contains(made, v => v.RequestId == e.RequestId));

        await test.Site.RepairAsync().ToListAsync();

        Assert.Empty(await test.OpenEntriesAsync());
        var done = await test.Site.Journal.ListAsync().Where(e => e.State == JournalState.Done).Select(e => e.RequestId).ToListAsync();
        Assert.Equal((await test.ListAsync()).Select(v => v.RequestId).Order(), done.Order());
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task A_host_that_goes_away_during_a_creation_keeps_its_entries_open(CatalogueKind kind)
    {
        var database = await Catalogues.NewAsync(kind);
        await using var test = await TestSite.OpenAsync(database: database);
        await test.AddHostsAsync(2);
        await test.PublishAsync();
        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "tiny", Names = VmNaming.Expand("atlas", 4), Size = "tiny" });
        test.FaultsOf(1).InterruptCreate = "*";

        var outcomes = await test.Site.Vms.CreateAsync(plan.Vms).ToListAsync();

        Assert.Equal(2, outcomes.Count(o => o.Succeeded));
        Assert.All(outcomes.Where(o => !o.Succeeded), o => Assert.Equal(StratusErrorKind.Connection, o.Error!.Kind));
        Assert.Empty(await test.OpenEntriesAsync());

        test.FaultsOf(1).IsUnreachable = true;
        var removed = await test.Site.Vms.RemoveAsync([new VmId("node1", Guid.NewGuid().ToString())], new DeleteOptions()).ToListAsync();
        Assert.Equal(StratusErrorKind.Connection, Assert.Single(removed).Error!.Kind);
        Assert.Single(await test.OpenEntriesAsync());
    }
}
