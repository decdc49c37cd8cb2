using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>One connection to a simulated host, under the name by which a site knows it.</summary>
internal sealed partial class SimProvider(HostDefinition definition, SimHost host) : IComputeProvider, IImageHost, IImageReader, IConsoleHost, IGuestAgentHost, IAddressSource, IPricedHost
{
    public const ProviderCapabilities AllCapabilities =
        ProviderCapabilities.Suspend | ProviderCapabilities.Images | ProviderCapabilities.ImageReadback | ProviderCapabilities.Console | ProviderCapabilities.ConsoleLog | ProviderCapabilities.GuestAgent
        | ProviderCapabilities.AddressDiagnosis | ProviderCapabilities.Events | ProviderCapabilities.Uefi;

    public const ProviderCapabilities PricedCapabilities = ProviderCapabilities.Priced | ProviderCapabilities.MachineTypes | ProviderCapabilities.RemoveOnShutdown;

    public ProviderCapabilities Capabilities => host.Settings.Capabilities;

    private string Name => definition.Name;

    public VmId? IdentityOf(Guid requestId) => new VmId(Name, KeyOf(requestId));

    public Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default) => CallAsync(
        () =>
        {
            lock (host.Gate)
            {
                var listed = host.List(Name);
                var isElastic = host.Settings.Prices is not null;
                return new HostStatus
                {
                    Host = Name,
                    Health = HostHealth.Ready,
                    MachineId = host.MachineId,
                    Architecture = "x86_64",
                    Hypervisor = "Simulation",
                    Manager = "StratusLab.Sim",
                    Accelerator = definition.Accelerator == Accelerator.Auto ? Accelerator.Tcg : definition.Accelerator,
                    Cpu = isElastic ? definition.MaxVCpu ?? 0 : host.Settings.Cpu,
                    CpuAllocated = listed.Sum(vm => vm.Cpu),
                    Memory = isElastic ? ByteSize.Zero : host.Settings.Memory,
                    MemoryAllocated = new ByteSize(listed.Sum(vm => vm.Memory.Bytes)),
                    Storage = isElastic ? ByteSize.Zero : host.Settings.Storage,
                    StorageFree = host.StorageFree,
                    VmCount = listed.Count,
                    IsElastic = isElastic,
                    ListingDelay = host.Settings.ListingDelay,
                    HourlyCost = !isElastic ? null : listed.Sum(vm => vm.HourlyPrice ?? 0),
                    At = host.Clock.GetUtcNow(),
                };
            }
        },
        cancellationToken);

    public async IAsyncEnumerable<HostCheck> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var status = await InspectAsync(cancellationToken).ConfigureAwait(false);
        yield return new HostCheck(Name, "Connection", CheckResult.Passed, "The simulated host answers.");
        yield return status.StorageFree.Bytes * 10 >= status.Storage.Bytes
            ? new HostCheck(Name, "Storage pool", CheckResult.Passed, $"{status.StorageFree} of {status.Storage} free.")
            : new HostCheck(Name, "Storage pool", CheckResult.Warning, $"{status.StorageFree} of {status.Storage} free.", "Remove images or VMs that nobody uses.");
        yield return HasNetwork(definition.Network)
            ? new HostCheck(Name, "Network", CheckResult.Passed, $"The network '{definition.Network}' is there.")
            : new HostCheck(Name, "Network", CheckResult.Failed, $"There is no network '{definition.Network}'.", $"Use one of {string.Join(", ", host.Settings.Networks)}.");
    }

    public async IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        foreach (var vm in await CallAsync(() => host.List(Name), cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Matches(query, vm)) yield return query.WithAddresses ? vm : vm with { IPAddresses = [] };
        }
    }

    public Task<IReadOnlyList<MachineOffer>> ListOffersAsync(MachineNeeds needs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(needs);
        Require(ProviderCapabilities.Priced, "its VMs cost nothing");
        return CallAsync(() => host.Settings.Prices!.Offers(needs, host.Clock.GetUtcNow()), cancellationToken);
    }

    public async Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await CallAsync(
            () =>
            {
                lock (host.Gate)
                {
                    var found = FindManaged(vm);
                    if (change.Labels is not null) found.Labels = new Dictionary<string, string>(change.Labels);
                    if (change.ExpiresAt is { } expiry) found.ExpiresAt = expiry == DateTimeOffset.MaxValue ? null : expiry;
                    return found.ToVirtualMachine(Name);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<VmEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (host.Faults.IsUnreachable) throw SimErrors.Unreachable(Name);
        await foreach (var happened in host.Events.WatchAsync(Name, cancellationToken).ConfigureAwait(false)) yield return happened;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string KeyOf(Guid requestId) => requestId.ToString("D");

    private static bool Matches(VmQuery query, VirtualMachine vm) =>
        (query.IncludeUnmanaged || vm.IsManaged)
        && (query.Names.Count == 0 || query.Names.Contains(vm.Name, StringComparer.Ordinal))
        && (query.Keys.Count == 0 || query.Keys.Contains(vm.Id.Key, StringComparer.Ordinal))
        && (query.RequestIds.Count == 0 || (vm.RequestId is { } request && query.RequestIds.Contains(request)));

    private bool HasNetwork(string network) => host.Settings.Networks.Contains(network, StringComparer.Ordinal);

    /// <summary>Under the lock: the VM, if it is there and ours.</summary>
    private SimVm FindManaged(VmId vm)
    {
        var found = host.Find(vm.Key) ?? throw SimErrors.VmNotFound(vm);
        return found.Request is null ? throw SimErrors.VmNotManaged(vm, found.Name) : found;
    }

    private void Require(ProviderCapabilities capability, string what)
    {
        if (!Capabilities.HasFlag(capability)) throw SimErrors.NotSupported(Name, capability, what);
    }

    /// <summary>One request and its reply, with all that can happen to them on the way.</summary>
    private async Task<T> CallAsync<T>(Func<T> effect, CancellationToken cancellationToken)
    {
        if (host.Faults.IsUnreachable) throw SimErrors.Unreachable(Name);
        if (host.Faults.Delay > TimeSpan.Zero) await Task.Delay(host.Faults.Delay, host.Clock, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var isLost = host.Faults.CountCall();
        var result = effect();
        return isLost ? throw SimErrors.ConnectionLost(Name) : result;
    }

    private static async Task<VmOutcome> OutcomeAsync(VmOutcome blank, Func<Task<VirtualMachine?>> work)
    {
        try
        {
            return blank with { Vm = await work().ConfigureAwait(false) };
        }
        catch (StratusException e)
        {
            return blank with { Error = e };
        }
    }
}
