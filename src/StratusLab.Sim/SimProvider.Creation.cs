using StratusLab.Core;

namespace StratusLab.Sim;

internal sealed partial class SimProvider
{
    public IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (host.Faults.IsUnreachable) throw SimErrors.Unreachable(Name);
        return Batch.RunAsync(batch, (request, cancel) => OutcomeAsync(Blank(request), async () => await CallAsync(() => Create(request), cancel).ConfigureAwait(false)), cancellationToken);
    }

    public IAsyncEnumerable<VmOutcome> RecoverAsync(IReadOnlyList<VmRequest> interrupted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interrupted);
        if (host.Faults.IsUnreachable) throw SimErrors.Unreachable(Name);
        return Batch.RunAsync(interrupted, (request, cancel) => OutcomeAsync(Blank(request), () => CallAsync(() => Recover(request), cancel)), cancellationToken);
    }

    private VmOutcome Blank(VmRequest request) => new() { Id = IdentityOf(request.RequestId), RequestId = request.RequestId };

    private VirtualMachine Create(VmRequest request)
    {
        var key = KeyOf(request.RequestId);
        lock (host.Gate)
        {
            if (host.Find(key) is { } present) return present.ToVirtualMachine(Name);
            Validate(request);
            var machine = Machine(request);
            if (machine is null) RefuseWithoutRoom(request);
            if (host.Faults.FailsCreate(request.Name))
                throw SimErrors.Refused("SimulatedFault", StratusErrorKind.Failed, $"The creation of '{request.Name}' on '{Name}' failed (simulated).", request.Name);
            host.AddDisk(key, Name);
            if (host.Faults.InterruptsCreate(request.Name)) throw SimErrors.ConnectionLost(Name);
            return host.Add(key, request, machine).ToVirtualMachine(Name);
        }
    }

    private VirtualMachine? Recover(VmRequest request)
    {
        var key = KeyOf(request.RequestId);
        lock (host.Gate)
        {
            if (host.Find(key) is { } vm)
            {
                if (vm.State == VmState.Stopped) vm.PowerOn();
                return vm.ToVirtualMachine(Name);
            }

            host.RemoveDisk(key);
            return null;
        }
    }

    private void Validate(VmRequest request)
    {
        ResourceName.Validate(request.Name, "VM name");
        if ((RequestNeeds.Of(request) & ~Capabilities) is not ProviderCapabilities.None and var missing) Require(missing, $"'{request.Name}' asks for it");
        if (request.CopyDiskOf is not null) Require(ProviderCapabilities.Disks, "its VMs have no disks that could be copied");
        if (request.MachineType is not null || request.Gpu > 0) Require(ProviderCapabilities.MachineTypes, "its VMs are of no type and have no GPU");
        if (request.Market == VmMarket.Spot) Require(ProviderCapabilities.Spot, "it has no spot market");
        if (request.OpenPorts is not null) Require(ProviderCapabilities.Firewall, "it has no firewall that ports could be opened in");
        if (request.RemoveOnShutdown) Require(ProviderCapabilities.RemoveOnShutdown, "a VM stays when its guest shuts down");
        if (request.Cpu < 1) throw new InvalidInputException("InvalidCpu", $"'{request.Name}' asks for {request.Cpu} CPUs: ask for 1 or more.", "Cpu");
        if (request.Memory < ByteSize.FromMiB(16)) throw new InvalidInputException("InvalidMemory", $"'{request.Name}' asks for {request.Memory} of memory: ask for 16MB or more.", "Memory");
        if (request.Disk != ByteSize.Zero && request.Disk < request.Image.VirtualSize)
            throw new InvalidInputException("DiskTooSmall", $"'{request.Name}' asks for a disk of {request.Disk}, the image {request.Image} needs {request.Image.VirtualSize}.", "Disk");
        if (request.Image.Architecture != "x86_64")
            throw new InvalidInputException("WrongArchitecture", $"The image {request.Image} is for {request.Image.Architecture}, the host '{Name}' is x86_64.", "Image");
        if (request.Image.Firmware == Firmware.Uefi) Require(ProviderCapabilities.Uefi, $"the image {request.Image} boots with UEFI");
        if (host.Faults.RemoveImages > 0)
        {
            host.Faults.RemoveImages--;
            host.Images.Remove(request.Image.DiskDigest, Name);
        }

        if (Capabilities.HasFlag(ProviderCapabilities.Images) && !HasImage(request.Image)) throw SimErrors.ImageNotOnHost(Name, request.Image.ToString());
        IEnumerable<string> networks = request.IsIsolated ? [] : request.Networks.Count > 0 ? request.Networks : [definition.Network];
        if (networks.FirstOrDefault(network => !HasNetwork(network)) is { } unknown)
            throw SimErrors.Refused("NetworkNotFound", StratusErrorKind.NotFound, $"The host '{Name}' has no network '{unknown}'.", unknown);
        if (host.Vms.Any(vm => vm.Name == request.Name)) throw SimErrors.NameTaken(Name, request.Name);
    }

    /// <summary>Under the lock: the cheapest machine that will do and that is there; null on a host that costs nothing.</summary>
    private MachineOffer? Machine(VmRequest request)
    {
        if (host.Settings.Prices is not { } prices) return null;
        var needs = new MachineNeeds
        {
            Cpu = request.Cpu,
            Memory = request.Memory,
            Disk = request.Disk,
            Gpu = request.Gpu,
            Architecture = request.Image.Architecture,
            Firmware = request.Image.Firmware,
            Market = request.Market,
            MachineType = request.MachineType,
        };
        var now = host.Clock.GetUtcNow();
        var offers = prices.Offers(needs, now);
        if (request is { Market: VmMarket.Spot, FallBackToOnDemand: true }) offers = [.. offers, .. prices.Offers(needs with { Market = VmMarket.OnDemand }, now)];
        if (offers.Count == 0) throw SimErrors.NoMachineType(Name, request);
        var affordable = offers.Where(offer => request.MaxHourlyPrice is not { } most || offer.HourlyPrice <= most).ToList();
        if (affordable.Count == 0) throw SimErrors.TooDear(Name, request, offers[0]);
        return affordable.FirstOrDefault(offer => prices.Capacity is not { } most || host.Vms.Count(vm => vm.Machine?.MachineType == offer.MachineType) < most)
            ?? throw SimErrors.NoCapacity(Name, $"all {prices.Capacity} machines of type {string.Join(", ", affordable.Select(offer => offer.MachineType).Distinct())} are taken");
    }

    private void RefuseWithoutRoom(VmRequest request)
    {
        var cpu = (int)(host.Settings.Cpu * definition.CpuOvercommit) - host.Vms.Sum(vm => vm.Cpu);
        var memory = new ByteSize((long)(host.Settings.Memory.Bytes * definition.MemoryOvercommit) - host.Vms.Sum(vm => vm.Memory.Bytes));
        if (request.Cpu > cpu) throw SimErrors.NoCapacity(Name, $"{cpu} virtual CPUs left, {request.Cpu} needed");
        if (request.Memory > memory) throw SimErrors.NoCapacity(Name, $"{memory} of memory left, {request.Memory} needed");
    }
}
