using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Emulator.Cloud;

namespace StratusLab.SiteProcess;

/// <summary>A region with prices, and with a listing that may be some seconds late.</summary>
internal sealed class PricedEc2(IComputeProvider inner) : IComputeProvider, IPricedHost
{
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(4);

    public ProviderCapabilities Capabilities => inner.Capabilities | ProviderCapabilities.Priced;

    // The provider takes the smallest machine that fits, of which there are several kinds: all count as the dearest.
    public Task<IReadOnlyList<MachineOffer>> ListOffersAsync(MachineNeeds needs, CancellationToken cancellationToken = default)
    {
        var smallest = EmulatedInstanceType.Catalogue
            .Where(t => t.Architecture == needs.Architecture && t.VCpu >= needs.Cpu && ByteSize.FromMiB(t.MemoryMiB) >= needs.Memory)
            .OrderBy(t => t.VCpu).ThenBy(t => t.MemoryMiB).First();
        return Task.FromResult<IReadOnlyList<MachineOffer>>(
        [
            new MachineOffer
            {
                MachineType = smallest.Name, Cpu = smallest.VCpu, Memory = ByteSize.FromMiB(smallest.MemoryMiB), HourlyPrice = Price(smallest.VCpu, smallest.MemoryMiB),
                PricedAt = DateTimeOffset.UtcNow, PriceSource = "the emulator",
            },
        ]);
    }

    public async Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default) =>
        await inner.InspectAsync(cancellationToken).ConfigureAwait(false) with { IsElastic = true, ListingDelay = Lag };

    public async IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var vm in inner.ListAsync(query, cancellationToken).ConfigureAwait(false))
            yield return vm with { HourlyPrice = Price(vm.Cpu, (int)(vm.Memory.Bytes >> 20)) };
    }

    public IAsyncEnumerable<HostCheck> CheckAsync(CancellationToken cancellationToken = default) => inner.CheckAsync(cancellationToken);

    public VmId? IdentityOf(Guid requestId) => inner.IdentityOf(requestId);

    public IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken = default) => inner.CreateAsync(batch, cancellationToken);

    public IAsyncEnumerable<VmOutcome> RecoverAsync(IReadOnlyList<VmRequest> interrupted, CancellationToken cancellationToken = default) => inner.RecoverAsync(interrupted, cancellationToken);

    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken = default) => inner.ChangePowerAsync(vms, action, cancellationToken);

    public IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default) => inner.DeleteAsync(vms, options, cancellationToken);

    public Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default) => inner.UpdateAsync(vm, change, cancellationToken);

    public IAsyncEnumerable<VmEvent> WatchAsync(CancellationToken cancellationToken = default) => inner.WatchAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static decimal Price(int cpu, int memoryMiB) =>
        EmulatedInstanceType.Catalogue.Where(t => t.VCpu == cpu && t.MemoryMiB == memoryMiB).Select(t => t.Price).DefaultIfEmpty().Max();
}
