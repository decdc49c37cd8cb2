using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    [ConformanceFact]
    public async Task Recovery_of_what_never_began_finds_nothing_and_changes_nothing()
    {
        var before = await host.FootprintAsync();
        var request = NewRequest();
        var outcome = await Single(Provider.RecoverAsync([request]));
        Assert.Equal(request.RequestId, outcome.RequestId);
        Assert.Null(outcome.Error);
        Assert.Null(outcome.Vm);
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Recovery_of_what_is_half_made_removes_it()
    {
        var before = await host.FootprintAsync();
        var request = NewRequest();
        await host.LeaveHalfMadeAsync(request);
        Assert.NotEqual(before, await host.FootprintAsync());

        var outcome = await Single(Provider.RecoverAsync([request]));
        Assert.Null(outcome.Error);
        Assert.Null(outcome.Vm);
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Half_made_VM_is_completed_when_its_request_is_repeated()
    {
        var before = await host.FootprintAsync();
        var request = NewRequest();
        await host.LeaveHalfMadeAsync(request);
        var vm = await CreateAsync(request);
        await UntilStateAsync(vm.Id, VmState.Running);
        await Single(Provider.DeleteAsync([vm.Id], AtOnce));
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Recovery_of_what_is_complete_returns_it()
    {
        var request = NewRequest();
        var vm = await CreateAsync(request);
        Assert.Equal(vm.Id, Succeeded(await Single(Provider.RecoverAsync([request]))).Id);
    }

    [ConformanceFact]
    public async Task Recovery_brings_a_VM_to_run_that_is_known_and_does_not()
    {
        var request = NewRequest();
        var vm = await CreateAsync(request);
        Assert.Null((await PowerAsync(vm.Id, PowerAction.PowerOff)).Error);
        Succeeded(await Single(Provider.RecoverAsync([request])));
        await UntilStateAsync(vm.Id, VmState.Running);
    }
}
