using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    private IDiskHost Disks => Assert.IsAssignableFrom<IDiskHost>(Provider);

    [ConformanceFact]
    public async Task Copy_of_a_disk_is_a_VM_of_its_own_or_is_refused_by_name()
    {
        var source = await CreateAsync();
        var before = await host.FootprintAsync();
        var request = NewRequest() with { CopyDiskOf = source.Id };
        var outcome = await Single(Provider.CreateAsync([request]));
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Disks))
        {
            AssertNames(ProviderCapabilities.Disks, Assert.IsAssignableFrom<StratusException>(outcome.Error));
            Assert.Equal(before, await host.FootprintAsync());
            return;
        }

        var copy = Succeeded(outcome);
        Assert.NotEqual(source.Id, copy.Id);
        Assert.Equal(source.Disk, copy.Disk);
        Assert.Equal(VmState.Running, (await FindAsync(source.Id))?.State);
        Assert.Equal(copy.Id, Succeeded(await Single(Provider.CreateAsync([request]))).Id);
        await Single(Provider.DeleteAsync([copy.Id], AtOnce));
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Copy_of_the_disk_of_a_VM_that_is_not_there_is_refused_and_leaves_nothing()
    {
        var before = await host.FootprintAsync();
        var missing = new VmId(HostUnderTest.Name, Guid.NewGuid().ToString("D"));
        var error = (await Single(Provider.CreateAsync([NewRequest() with { CopyDiskOf = missing }]))).Error;
        Assert.Equal(Provider.Capabilities.HasFlag(ProviderCapabilities.Disks) ? StratusErrorKind.NotFound : StratusErrorKind.NotSupported, error?.Kind);
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Disk_of_a_VM_that_is_off_is_a_whole_qcow2_or_is_refused_by_name()
    {
        var vm = await CreateAsync();
        if (!await HoldsAsync<IDiskHost>(ProviderCapabilities.Disks, disks => disks.OpenDiskAsync(vm.Id))) return;
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => Disks.OpenDiskAsync(vm.Id));
        Assert.Equal(StratusErrorKind.InvalidState, error.Kind);

        Assert.Null((await PowerAsync(vm.Id, PowerAction.PowerOff)).Error);
        await UntilStateAsync(vm.Id, VmState.Stopped);
        var before = await host.FootprintAsync();
        var head = new byte[32];
        await using (var disk = await Disks.OpenDiskAsync(vm.Id))
        {
            await disk.ReadExactlyAsync(head);
            await disk.CopyToAsync(Stream.Null);
        }

        Assert.Equal([(byte)'Q', (byte)'F', (byte)'I', 0xFB], head[..4]);
        Assert.All(head[8..16], part => Assert.Equal(0, part));
        Assert.Equal(vm.Disk.Bytes, System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(24)));
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Isolated_VM_has_no_address_or_is_refused()
    {
        var outcome = await Single(Provider.CreateAsync([NewRequest() with { IsIsolated = true }]));
        if (outcome.Error is { Kind: StratusErrorKind.NotSupported } refused)
        {
            Assert.Contains("network", refused.Message, StringComparison.Ordinal);
            return;
        }

        var vm = Succeeded(outcome);
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.AddressDiagnosis)) return;
        Assert.Empty((await ((IAddressSource)Provider).FindAddressesAsync(vm.Id)).Addresses);
        Assert.Empty((await FindAsync(vm.Id))!.IPAddresses);
    }
}
