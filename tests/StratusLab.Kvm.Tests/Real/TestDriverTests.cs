using StratusLab.Core;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>libvirt's test driver: a provider on it claims what it can do and refuses the rest by name.</summary>
[Collection("kvm host")]
public sealed class TestDriverTests(KvmHost host)
{
    [RequiresFact(Need.LibvirtHost)]
    public async Task It_lists_its_machines_and_suspends_one_of_ours()
    {
        var node = await TestDriverNode.WriteAsync(
            host.Host, 4, _ => $"<stratus:vm xmlns:stratus='{MetadataXml.Namespace}' request='{Guid.NewGuid()}' owner='o' site='s'/>");
        await using var provider = host.Connect(node);
        Assert.Equal(ProviderCapabilities.Suspend | ProviderCapabilities.Events, provider.Capabilities);
        var vms = await provider.ListAsync(VmQuery.Managed).ToListAsync();
        Assert.Equal(4, vms.Count);
        var running = vms.First(vm => vm.State == VmState.Running);
        Assert.Equal(VmState.Suspended, (await provider.ChangePowerAsync([running.Id], PowerAction.Suspend).SingleAsync()).Vm?.State);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task What_it_cannot_do_is_refused_by_the_name_of_the_capability()
    {
        await using var provider = host.Connect(await TestDriverNode.WriteAsync(host.Host, 2));
        var vm = new VmId("node", Guid.NewGuid().ToString("D"));
        AssertNames(ProviderCapabilities.Images, Assert.Throws<StratusException>(() => provider.CreateAsync([])));
        AssertNames(ProviderCapabilities.Images, Assert.Throws<StratusException>(() => provider.ListImagesAsync()));
        AssertNames(ProviderCapabilities.Console, await Assert.ThrowsAsync<StratusException>(() => provider.OpenConsoleAsync(vm)));
        AssertNames(ProviderCapabilities.GuestAgent, await Assert.ThrowsAsync<StratusException>(() => provider.IsAgentReadyAsync(vm)));
        AssertNames(ProviderCapabilities.AddressDiagnosis, await Assert.ThrowsAsync<StratusException>(() => provider.FindAddressesAsync(vm)));
    }

    private static void AssertNames(ProviderCapabilities flag, StratusException error)
    {
        Assert.Equal(StratusErrorKind.NotSupported, error.Kind);
        Assert.Contains(flag.ToString(), error.Message, StringComparison.Ordinal);
    }
}
