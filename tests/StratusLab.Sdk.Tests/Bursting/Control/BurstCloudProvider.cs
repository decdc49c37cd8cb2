using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>One process's connection to the cloud in memory, with all that can happen on the way.</summary>
internal sealed class BurstCloudProvider(BurstCloud cloud, BurstFaults faults, BurstProcess process) : IComputeProvider, IPricedHost, IComputeProviderFactory
{
    private string _host = "cloud";

    public IReadOnlyCollection<string> Schemes { get; } = ["cloud"];

    public ProviderCapabilities Capabilities => cloud.HasMarkets ? ProviderCapabilities.Priced | ProviderCapabilities.Spot : ProviderCapabilities.None;

    public IComputeProvider Create(HostDefinition host, ICallJournal calls)
    {
        _host = host.Name;
        return this;
    }

    public Task<IReadOnlyList<MachineOffer>> ListOffersAsync(MachineNeeds needs, CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<MachineOffer>>(
    [
        new MachineOffer
        {
            MachineType = "m",
            Cpu = needs.Cpu,
            Memory = needs.Memory,
            Market = needs.Market,
            HourlyPrice = needs.Market is VmMarket.Spot ? cloud.PricePerHour / 2 : cloud.PricePerHour,
            PricedAt = faults.Now,
            PriceSource = "simulated",
        },
    ]);

    public Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default) => Task.FromResult(Call(() => new HostStatus
    {
        Host = _host,
        Health = HostHealth.Ready,
        MachineId = "cloud",
        Architecture = "x86_64",
        Cpu = 10_000,
        Memory = ByteSize.FromGiB(100_000),
        Storage = ByteSize.FromGiB(100_000),
        StorageFree = ByteSize.FromGiB(100_000),
        At = faults.Now,
    }));

    public async IAsyncEnumerable<HostCheck> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield break;
    }

    public async IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await cloud.HoldAsync("list");
        foreach (var machine in Call(cloud.Listed))
            if (query.Keys.Count == 0 || query.Keys.Contains(machine.Key)) yield return machine.ToVirtualMachine(_host) with { HourlyPrice = cloud.PriceNow };
    }

    public VmId? IdentityOf(Guid requestId) => null;

    public IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken = default) => EachAsync(batch, r =>
    {
        if (cloud.Find(r.RequestId) is null && ((cloud.HasNoSpot && r.Market is VmMarket.Spot) || faults.Strikes(BurstFault.NoCapacity)))
            return new VmOutcome { Id = null, RequestId = r.RequestId, Error = new HostRefusedException("InsufficientInstanceCapacity", StratusErrorKind.NoCapacity, "No machine (simulated).", "x") };
        var vm = Call(() => cloud.Create(r)).ToVirtualMachine(_host);
        return new VmOutcome { Id = vm.Id, RequestId = r.RequestId, Vm = vm };
    }, r => new VmOutcome { Id = null, RequestId = r.RequestId });

    public IAsyncEnumerable<VmOutcome> RecoverAsync(IReadOnlyList<VmRequest> interrupted, CancellationToken cancellationToken = default) => EachAsync(interrupted, r =>
    {
        var vm = Call(() => cloud.Find(r.RequestId))?.ToVirtualMachine(_host);
        return new VmOutcome { Id = vm?.Id, RequestId = r.RequestId, Vm = vm };
    }, r => new VmOutcome { Id = null, RequestId = r.RequestId });

    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default) => EachAsync(vms, id =>
    {
        Call(() =>
        {
            cloud.Remove(id.Key);
            return 0;
        });
        return new VmOutcome { Id = id };
    }, id => new VmOutcome { Id = id });

    public IAsyncEnumerable<VmEvent> WatchAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async IAsyncEnumerable<VmOutcome> EachAsync<T>(IEnumerable<T> items, Func<T, VmOutcome> work, Func<T, VmOutcome> blank)
    {
        await cloud.HoldAsync("change");
        foreach (var item in items)
        {
            VmOutcome outcome;
            try
            {
                outcome = work(item);
            }
            catch (StratusException e)
            {
                outcome = blank(item) with { Error = e };
            }

            yield return outcome;
        }
    }

    private T Call<T>(Func<T> effect)
    {
        process.Live();
        if (faults.Strikes(BurstFault.Crash)) process.Crash();
        if (faults.Strikes(BurstFault.LostRequest)) throw new HostConnectionException("HostUnreachable", "The cloud cannot be reached (simulated).", RequestState.NotSent);
        var result = effect();
        if (faults.Strikes(BurstFault.Crash)) process.Crash();
        return faults.Strikes(BurstFault.LostReply) ? throw new HostConnectionException("ConnectionLost", "The reply is lost (simulated).", RequestState.Sent) : result;
    }
}
