using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class WaitTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Addresses_come_and_each_vm_is_told_once()
    {
        await using var test = await SiteWithAsync("boot=300ms", 6);
        var ids = (await test.ListAsync()).ConvertAll(v => v.Id);

        var outcomes = await test.Site.Vms.WaitAsync(ids, VmCondition.Address, Long).ToListAsync();

        Assert.Equal(ids.OrderBy(i => i.Key, StringComparer.Ordinal), outcomes.Select(o => o.Id!.Value).OrderBy(i => i.Key, StringComparer.Ordinal));
        Assert.All(outcomes, o => Assert.NotNull(o.Vm!.IPAddress));
    }

    [Fact]
    public async Task A_vm_that_runs_is_told_with_the_address_that_it_has()
    {
        await using var test = await SiteWithAsync("boot=1ms", 1);
        var id = Assert.Single(await test.ListAsync()).Id;
        await test.Site.Vms.WaitAsync([id], VmCondition.Address, Long).ToListAsync();

        var outcome = Assert.Single(await test.Site.Vms.WaitAsync([id], VmCondition.Running, Long).ToListAsync());

        Assert.NotNull(outcome.Vm!.IPAddress);
    }

    [Fact]
    public async Task A_timeout_says_what_is_missing()
    {
        await using var test = await SiteWithAsync("boot=1ms&dhcp=ignore&agent=ignore", 1);
        var id = Assert.Single(await test.ListAsync()).Id;

        var outcome = Assert.Single(await test.Site.Vms.WaitAsync([id], VmCondition.Address, TimeSpan.FromMilliseconds(300)).ToListAsync());

        Assert.Equal(("WaitTimeout", StratusErrorKind.Timeout), (outcome.Error!.ErrorId, outcome.Error.Kind));
        Assert.Contains("'atlas-1'", outcome.Error.Message, StringComparison.Ordinal);
        Assert.Contains("lease", outcome.Error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_vm_that_is_not_there_and_a_host_that_is_not_known_fail_alone()
    {
        await using var test = await SiteWithAsync("boot=1ms", 1);
        var id = Assert.Single(await test.ListAsync()).Id;

        var outcomes = await test.Site.Vms.WaitAsync([id, new VmId("node1", "nobody"), new VmId("nowhere", "x")], VmCondition.Running, Long).ToListAsync();

        Assert.Equal(3, outcomes.Count);
        Assert.True(outcomes.Single(o => o.Id == id).Succeeded);
        Assert.Equal(["HostNotFound", "VmNotFound"], outcomes.Where(o => !o.Succeeded).Select(o => o.Error!.ErrorId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_unreachable_host_is_waited_for()
    {
        await using var test = await SiteWithAsync("boot=1ms", 1);
        var id = Assert.Single(await test.ListAsync()).Id;
        test.FaultsOf(1).IsUnreachable = true;
        var waiting = test.Site.Vms.WaitAsync([id], VmCondition.Running, Long).ToListAsync().AsTask();
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);

        test.FaultsOf(1).IsUnreachable = false;

        Assert.True(Assert.Single(await waiting).Succeeded);
    }

    [Fact]
    public async Task Stopping_asks_waits_and_reports()
    {
        await using var test = await SiteWithAsync("boot=1ms", 3);
        var ids = (await test.ListAsync()).ConvertAll(v => v.Id);

        var outcomes = await test.Site.Vms.StopAsync(ids, new StopOptions { Timeout = Long }).ToListAsync();

        Assert.Equal(3, outcomes.Count);
        Assert.All(outcomes, o => Assert.Equal(VmState.Stopped, o.Vm!.State));
    }

    [Fact]
    public async Task A_guest_that_does_not_listen_goes_on_unless_forced()
    {
        await using var test = await SiteWithAsync("boot=1ms&acpi=ignore", 1);
        var id = Assert.Single(await test.ListAsync()).Id;
        var options = new StopOptions { Timeout = TimeSpan.FromMilliseconds(100) };

        var polite = Assert.Single(await test.Site.Vms.StopAsync([id], options).ToListAsync());
        Assert.Equal("ShutdownTimeout", polite.Error!.ErrorId);
        Assert.Equal(VmState.Running, Assert.Single(await test.ListAsync()).State);

        var forced = Assert.Single(await test.Site.Vms.StopAsync([id], options with { Force = true }).ToListAsync());
        Assert.Null(forced.Error);
        Assert.Equal(VmState.Stopped, Assert.Single(await test.ListAsync()).State);
    }

    [Fact]
    public async Task Removing_a_guest_that_does_not_listen_keeps_it_and_settles_the_journal()
    {
        await using var test = await SiteWithAsync("boot=1ms&acpi=ignore", 1);
        var id = Assert.Single(await test.ListAsync()).Id;

        var outcome = Assert.Single(await test.Site.Vms.RemoveAsync([id], new DeleteOptions { ShutdownTimeout = TimeSpan.FromMilliseconds(100) }).ToListAsync());

        Assert.NotNull(outcome.Error);
        Assert.Single(await test.ListAsync());
        Assert.Empty(await test.OpenEntriesAsync());
    }

    private static async Task<TestSite> SiteWithAsync(string query, int vms)
    {
        var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(1, query);
        await test.PublishAsync();
        Assert.All(await test.CreateAsync("atlas", vms), o => Assert.Null(o.Error));
        return test;
    }
}
