using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    [ConformanceFact]
    public async Task Inspect_tells_what_the_host_is()
    {
        var status = await Provider.InspectAsync();
        Assert.Equal(HostUnderTest.Name, status.Host);
        Assert.Equal(HostHealth.Ready, status.Health);
        Assert.Null(status.Problem);
        Assert.False(string.IsNullOrEmpty(status.Hypervisor));
        Assert.False(string.IsNullOrEmpty(status.Manager));
        if (status.IsElastic)
        {
            Assert.Equal((host.Definition.MaxVCpu ?? 0, ByteSize.Zero, ByteSize.Zero), (status.Cpu, status.Memory, status.Storage));
            return;
        }

        Assert.InRange(status.Cpu, 1, int.MaxValue);
        Assert.InRange(status.Memory.Bytes, 1, long.MaxValue);
        Assert.InRange(status.StorageFree.Bytes, 1, status.Storage.Bytes);
    }

    [ConformanceFact]
    public async Task Inspect_gives_the_same_machine_identity_over_every_connection()
    {
        await using var second = host.Connect();
        Assert.Equal((await Provider.InspectAsync()).MachineId, (await second.InspectAsync()).MachineId);
    }

    [ConformanceFact]
    public async Task Inspect_numbers_move_with_the_VMs()
    {
        var before = await Provider.InspectAsync();
        var vm = await CreateAsync();
        var with = await Provider.InspectAsync();
        Assert.Equal(before.VmCount + 1, with.VmCount);
        Assert.Equal(before.CpuAllocated + vm.Cpu, with.CpuAllocated);
        Assert.Equal(before.MemoryAllocated + vm.Memory, with.MemoryAllocated);

        await Single(Provider.DeleteAsync([vm.Id], AtOnce));
        var after = await Provider.InspectAsync();
        Assert.Equal(before.VmCount, after.VmCount);
        Assert.Equal(before.CpuAllocated, after.CpuAllocated);
        Assert.Equal(before.MemoryAllocated, after.MemoryAllocated);
    }

    [ConformanceFact]
    public async Task Check_finds_a_good_host_good()
    {
        var checks = await Collect(Provider.CheckAsync());
        Assert.NotEmpty(checks);
        Assert.Distinct(checks.Select(check => check.Name));
        Assert.All(checks, check =>
        {
            Assert.Equal(HostUnderTest.Name, check.Host);
            Assert.False(string.IsNullOrWhiteSpace(check.Detail));
            Assert.True(check.Result is CheckResult.Passed or CheckResult.Warning, $"{check.Name}: {check.Result}, {check.Detail}");
            if (check.Result == CheckResult.Warning) Assert.False(string.IsNullOrWhiteSpace(check.Remedy), $"{check.Name} does not say what to do.");
        });
    }

    [ConformanceFact]
    public async Task Host_that_does_not_answer_is_a_connection_error_at_the_first_call()
    {
        await using var provider = host.Factory.Create(host.Definition with { Uri = host.UnreachableUri }, host.Calls);
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => provider.InspectAsync());
        Assert.Equal(RequestState.NotSent, error.RequestState);
        await Assert.ThrowsAsync<HostConnectionException>(() => Collect(provider.ListAsync(VmQuery.Managed)));
        await Assert.ThrowsAsync<HostConnectionException>(() => Collect(provider.CreateAsync([NewRequest()])));
    }

    [ConformanceFact]
    public void Wrong_URI_is_refused_before_anything_is_done() =>
        Assert.All(host.WrongUris, uri => Assert.Throws<InvalidInputException>(() => host.Factory.Create(host.Definition with { Uri = uri }, host.Calls)));

    [ConformanceFact]
    public void Every_capability_is_kept_by_its_interface()
    {
        (ProviderCapabilities Flag, Type Interface)[] promises =
        [
            (ProviderCapabilities.Images, typeof(IImageHost)),
            (ProviderCapabilities.Console, typeof(IConsoleHost)),
            (ProviderCapabilities.ConsoleLog, typeof(IConsoleHost)),
            (ProviderCapabilities.GuestAgent, typeof(IGuestAgentHost)),
            (ProviderCapabilities.AddressDiagnosis, typeof(IAddressSource)),
            (ProviderCapabilities.Disks, typeof(IDiskHost)),
            (ProviderCapabilities.Priced, typeof(IPricedHost)),
        ];
        Assert.All(promises.Where(promise => Provider.Capabilities.HasFlag(promise.Flag)), promise => Assert.IsAssignableFrom(promise.Interface, Provider));
    }

    [ConformanceFact]
    public async Task One_connection_serves_many_calls_at_once()
    {
        var vm = await CreateAsync();
        var lists = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Collect(Provider.ListAsync(VmQuery.Managed with { Names = [vm.Name] }))));
        Assert.All(lists, list => Assert.Equal(vm.Id, Assert.Single(list).Id));
    }
}
