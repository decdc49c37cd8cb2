using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    [ConformanceFact]
    public async Task List_holds_what_its_query_asks_for()
    {
        var requests = Enumerable.Range(0, 3).Select(_ => NewRequest()).ToList();
        var vms = (await Collect(Provider.CreateAsync(requests))).Select(Succeeded).OrderBy(vm => requests.FindIndex(request => request.RequestId == vm.RequestId)).ToList();

        Assert.Equal(Ids(vms), await IdsOf(VmQuery.Managed));
        Assert.Equal(Ids([vms[0], vms[2]]), await IdsOf(new VmQuery { Names = [vms[0].Name, vms[2].Name, "absent"] }));
        Assert.Equal(Ids([vms[1]]), await IdsOf(new VmQuery { Keys = [vms[1].Id.Key, "no key at all", Guid.NewGuid().ToString()] }));
        Assert.Equal(Ids([vms[0], vms[1]]), await IdsOf(new VmQuery { RequestIds = [requests[0].RequestId, requests[1].RequestId, Guid.NewGuid()] }));
        Assert.Equal(Ids([vms[1]]), await IdsOf(new VmQuery { Names = [vms[0].Name, vms[1].Name], Keys = [vms[1].Id.Key, vms[2].Id.Key] }));
        Assert.Empty(await IdsOf(new VmQuery { Names = [vms[0].Name], RequestIds = [requests[1].RequestId] }));
        Assert.Empty(await IdsOf(new VmQuery { Names = ["absent"] }));
    }

    [ConformanceFact]
    public async Task Foreign_VMs_are_listed_only_when_asked_for()
    {
        Assert.Empty(await IdsOf(new VmQuery { Names = [host.UnmanagedName] }));
        var foreign = await UnmanagedAsync();
        Assert.False(foreign.IsManaged);
        Assert.Null(foreign.Owner);
        Assert.Empty(foreign.Labels);
    }

    [ConformanceFact]
    public async Task Second_connection_sees_the_same_VMs()
    {
        var vm = await CreateAsync();
        await using var second = host.Connect();
        Assert.Equal(vm.Id, (await Single(second.ListAsync(VmQuery.Managed))).Id);
    }

    [ConformanceFact]
    public async Task Update_replaces_labels_and_expiry_and_leaves_what_is_not_given()
    {
        var expiry = new DateTimeOffset(2027, 6, 7, 8, 9, 10, TimeSpan.Zero);
        var vm = await CreateAsync(NewRequest() with { Labels = new Dictionary<string, string> { ["old"] = "1" } });

        var changed = await Provider.UpdateAsync(vm.Id, new VmChange { Labels = new Dictionary<string, string> { ["new"] = "<2>" } });
        Assert.Equal(("new", "<2>"), changed.Labels.Select(label => (label.Key, label.Value)).Single());
        changed = await Provider.UpdateAsync(vm.Id, new VmChange { ExpiresAt = expiry });
        Assert.Equal(expiry, changed.ExpiresAt);

        var seen = await FindAsync(vm.Id);
        Assert.Equal(expiry, seen?.ExpiresAt);
        Assert.Equal("<2>", Assert.Single(seen!.Labels).Value);
        Assert.Equal(vm.Owner, seen.Owner);

        await Provider.UpdateAsync(vm.Id, new VmChange { ExpiresAt = DateTimeOffset.MaxValue });
        Assert.Null((await FindAsync(vm.Id))?.ExpiresAt);
    }

    [ConformanceFact]
    public async Task Update_outlives_a_stop_and_a_start()
    {
        var vm = await CreateAsync();
        await Provider.UpdateAsync(vm.Id, new VmChange { Labels = new Dictionary<string, string> { ["kept"] = "yes" } });
        Assert.Null((await PowerAsync(vm.Id, PowerAction.PowerOff)).Error);
        Assert.Equal("yes", (await FindAsync(vm.Id))?.Labels["kept"]);
        Assert.Null((await PowerAsync(vm.Id, PowerAction.Start)).Error);
        Assert.Equal("yes", (await FindAsync(vm.Id))?.Labels["kept"]);
    }

    [ConformanceFact]
    public async Task Update_of_a_VM_that_is_not_there_or_not_ours_is_refused()
    {
        var change = new VmChange { Labels = new Dictionary<string, string> { ["a"] = "b" } };
        var absent = new VmId(HostUnderTest.Name, Guid.NewGuid().ToString());
        Assert.Equal(StratusErrorKind.NotFound, (await Assert.ThrowsAnyAsync<StratusException>(() => Provider.UpdateAsync(absent, change))).Kind);
        var foreign = await UnmanagedAsync();
        await Assert.ThrowsAnyAsync<StratusException>(() => Provider.UpdateAsync(foreign.Id, change));
        Assert.Empty((await UnmanagedAsync()).Labels);
    }

    [ConformanceFact]
    public async Task Watch_sees_a_VM_come_stop_and_go()
    {
        using var stop = new CancellationTokenSource(host.Patience);
        await using var watcher = host.Connect();
        await using var events = watcher.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        await ArmAsync(events);

        var vm = await CreateAsync();
        await SeeAsync(events, vm.Id, happened => happened.Kind is VmEventKind.Created or VmEventKind.StateChanged && happened.State == VmState.Running);
        Assert.Null((await PowerAsync(vm.Id, PowerAction.PowerOff)).Error);
        await SeeAsync(events, vm.Id, happened => happened is { Kind: VmEventKind.StateChanged, State: VmState.Stopped });
        Assert.Null((await Single(Provider.DeleteAsync([vm.Id], AtOnce))).Error);
        await SeeAsync(events, vm.Id, happened => happened.Kind == VmEventKind.Removed);
    }

    [ConformanceFact]
    public async Task Watch_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await using var events = Provider.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    private static List<VmId> Ids(IEnumerable<VirtualMachine> vms) => [.. vms.Select(vm => vm.Id).OrderBy(id => id.Key, StringComparer.Ordinal)];

    private async Task<List<VmId>> IdsOf(VmQuery query) => Ids(await Collect(Provider.ListAsync(query)));

    // Nobody says when the watching has begun: make changes until one is seen. A host that is watched by listing it sees only what is there for as long as one
    // listing takes to follow another.
    private async Task ArmAsync(IAsyncEnumerator<VmEvent> events)
    {
        var next = events.MoveNextAsync().AsTask();
        await UntilAsync("the first event", async cancel =>
        {
            var vm = await CreateAsync();
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(5), cancel));
            await Single(Provider.DeleteAsync([vm.Id], AtOnce, cancel));
            return next.IsCompleted;
        });
        Assert.True(await next);
    }

    private static async Task SeeAsync(IAsyncEnumerator<VmEvent> events, VmId vm, Predicate<VmEvent> wanted)
    {
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.Id != vm || !wanted(events.Current));
    }
}
