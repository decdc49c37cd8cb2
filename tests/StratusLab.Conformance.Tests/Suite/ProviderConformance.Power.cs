using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    [ConformanceFact]
    public async Task State_that_is_there_already_is_a_success()
    {
        var vm = await CreateAsync();
        await UntilStateAsync(vm.Id, VmState.Running);
        Assert.Equal(VmState.Running, Succeeded(await PowerAsync(vm.Id, PowerAction.Start)).State);
        Assert.Equal(VmState.Stopped, Succeeded(await PowerAsync(vm.Id, PowerAction.PowerOff)).State);
        Assert.Equal(VmState.Stopped, Succeeded(await PowerAsync(vm.Id, PowerAction.PowerOff)).State);
        Assert.Equal(VmState.Stopped, Succeeded(await PowerAsync(vm.Id, PowerAction.Shutdown)).State);
        Succeeded(await PowerAsync(vm.Id, PowerAction.Start));
        await UntilStateAsync(vm.Id, VmState.Running);
    }

    [ConformanceFact]
    public async Task Guest_that_is_asked_shuts_down()
    {
        var vm = await CreateAsync();
        await UntilStateAsync(vm.Id, VmState.Running);

        // A guest that is still booting may not hear it: ask until it does.
        await UntilAsync("the shutdown", async _ =>
        {
            Assert.Null((await PowerAsync(vm.Id, PowerAction.Shutdown)).Error);
            return (await FindAsync(vm.Id))?.State == VmState.Stopped;
        });
    }

    [ConformanceFact]
    public async Task Reset_and_reboot_leave_a_running_VM_and_need_one()
    {
        var vm = await CreateAsync();
        await UntilStateAsync(vm.Id, VmState.Running);
        Succeeded(await PowerAsync(vm.Id, PowerAction.Reset));
        Succeeded(await PowerAsync(vm.Id, PowerAction.Reboot));
        await UntilStateAsync(vm.Id, VmState.Running);
        Succeeded(await PowerAsync(vm.Id, PowerAction.PowerOff));
        Assert.Equal(StratusErrorKind.InvalidState, (await PowerAsync(vm.Id, PowerAction.Reset)).Error?.Kind);
        Assert.Equal(StratusErrorKind.InvalidState, (await PowerAsync(vm.Id, PowerAction.Reboot)).Error?.Kind);
    }

    [ConformanceFact]
    public async Task Suspend_and_resume_work_or_are_refused_by_name()
    {
        var vm = await CreateAsync();
        await UntilStateAsync(vm.Id, VmState.Running);
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Suspend))
        {
            AssertNames(ProviderCapabilities.Suspend, await RefusalAsync(vm.Id, PowerAction.Suspend));
            AssertNames(ProviderCapabilities.Suspend, await RefusalAsync(vm.Id, PowerAction.Resume));
            return;
        }

        Assert.Equal(VmState.Suspended, Succeeded(await PowerAsync(vm.Id, PowerAction.Suspend)).State);
        Assert.Equal(VmState.Suspended, Succeeded(await PowerAsync(vm.Id, PowerAction.Suspend)).State);
        Assert.Equal(VmState.Suspended, (await FindAsync(vm.Id))?.State);
        Assert.Equal(VmState.Running, Succeeded(await PowerAsync(vm.Id, PowerAction.Resume)).State);
        Assert.Equal(VmState.Running, Succeeded(await PowerAsync(vm.Id, PowerAction.Resume)).State);
        Succeeded(await PowerAsync(vm.Id, PowerAction.PowerOff));
        Assert.Equal(StratusErrorKind.InvalidState, (await PowerAsync(vm.Id, PowerAction.Suspend)).Error?.Kind);
    }

    [ConformanceFact]
    public async Task VM_that_is_not_there_stops_no_other_of_the_batch()
    {
        var vm = await CreateAsync();
        var absent = new VmId(HostUnderTest.Name, Guid.NewGuid().ToString());
        var outcomes = await Collect(Provider.ChangePowerAsync([absent, vm.Id], PowerAction.PowerOff));
        Assert.Equal(2, outcomes.Count);
        Assert.Equal(StratusErrorKind.NotFound, outcomes.Single(outcome => outcome.Id == absent).Error?.Kind);
        Assert.Equal(VmState.Stopped, Succeeded(outcomes.Single(outcome => outcome.Id == vm.Id)).State);
    }

    [ConformanceFact]
    public async Task Power_of_a_foreign_VM_is_never_touched()
    {
        var foreign = await UnmanagedAsync();
        foreach (var action in Enum.GetValues<PowerAction>().Where(action => Provider.Capabilities.HasFlag(ProviderCapabilities.Suspend) || action is not (PowerAction.Suspend or PowerAction.Resume)))
            Assert.NotNull((await PowerAsync(foreign.Id, action)).Error);
        Assert.Equal(foreign.State, (await UnmanagedAsync()).State);
    }

    [ConformanceFact]
    public async Task Delete_removes_all_that_was_made_and_can_be_repeated()
    {
        var before = await host.FootprintAsync();
        var vms = (await Collect(Provider.CreateAsync([NewRequest(), NewRequest()]))).Select(Succeeded).ToList();
        Succeeded(await PowerAsync(vms[1].Id, PowerAction.PowerOff));

        for (var round = 0; round < 2; round++)
        {
            var outcomes = await Collect(Provider.DeleteAsync([.. vms.Select(vm => vm.Id)], AtOnce));
            Assert.Equal(vms.Select(vm => vm.Id).ToHashSet(), outcomes.Select(outcome => outcome.Id!.Value).ToHashSet());
            Assert.All(outcomes, outcome =>
            {
                Assert.Null(outcome.Error);
                Assert.Null(outcome.Vm);
            });
            Assert.Equal(before, await host.FootprintAsync());
        }
    }

    [ConformanceFact]
    public async Task Delete_removes_what_is_left_of_a_VM_that_is_gone()
    {
        var before = await host.FootprintAsync();
        var request = NewRequest();
        await host.LeaveHalfMadeAsync(request);
        if (Provider.IdentityOf(request.RequestId) is { } identity) Assert.Null((await Single(Provider.DeleteAsync([identity], AtOnce))).Error);
        else Assert.Null((await Single(Provider.RecoverAsync([request]))).Error);
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Delete_without_force_lets_the_guest_shut_down()
    {
        var vm = await CreateAsync();
        await BootedAsync(vm.Id);
        var outcome = await Single(Provider.DeleteAsync([vm.Id], new DeleteOptions { ShutdownTimeout = host.Patience }));
        Assert.Null(outcome.Error);
        Assert.Null(await FindAsync(vm.Id));
    }

    [ConformanceFact]
    public async Task Delete_without_force_keeps_a_guest_that_does_not_shut_down_in_time()
    {
        var vm = await CreateAsync();
        await UntilStateAsync(vm.Id, VmState.Running);
        var outcome = await Single(Provider.DeleteAsync([vm.Id], new DeleteOptions { ShutdownTimeout = TimeSpan.Zero }));
        Assert.Equal(StratusErrorKind.Timeout, outcome.Error?.Kind);
        Assert.NotNull(await FindAsync(vm.Id));
    }

    [ConformanceFact]
    public async Task Delete_of_a_foreign_VM_is_refused_and_stops_no_other()
    {
        var vm = await CreateAsync();
        var foreign = await UnmanagedAsync();
        var outcomes = await Collect(Provider.DeleteAsync([foreign.Id, vm.Id], AtOnce));
        Assert.NotNull(outcomes.Single(outcome => outcome.Id == foreign.Id).Error);
        Assert.Null(outcomes.Single(outcome => outcome.Id == vm.Id).Error);
        Assert.Equal(foreign.State, (await UnmanagedAsync()).State);
    }

    private async Task<StratusException> RefusalAsync(VmId vm, PowerAction action)
    {
        try
        {
            return Assert.IsAssignableFrom<StratusException>((await PowerAsync(vm, action)).Error);
        }
        catch (StratusException e)
        {
            return e;
        }
    }

    // A guest with an address has come up; where addresses take a guest agent, it has too.
    private Task BootedAsync(VmId vm) => UntilAsync("the guest to boot", async _ => (await FindAsync(vm))?.IPAddresses.Count > 0);
}
