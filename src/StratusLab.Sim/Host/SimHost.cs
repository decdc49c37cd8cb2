using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>A machine in memory: what is on it and how much fits. Each member takes the lock by itself unless it says otherwise.</summary>
internal sealed class SimHost
{
    // What a thin overlay takes of the storage before the guest writes much.
    private static readonly ByteSize OverlaySize = ByteSize.FromMiB(16);
    private readonly Dictionary<string, SimVm> _vms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _disks = new(StringComparer.Ordinal);
    private int _created;

    public SimHost(SimSettings settings, TimeProvider clock)
    {
        Settings = settings;
        Clock = clock;
        Faults = new SimFaults
        {
            IsUnreachable = settings.IsUnreachable,
            Delay = settings.CallDelay,
            FailCreate = settings.FailCreate,
            InterruptCreate = settings.InterruptCreate,
        };
        Images = new SimImageStore(this);
        if (settings.DropAfter is { } calls) Faults.DropAfter(calls);
        MachineId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"sim:{settings.Name}")).AsSpan(0, 16)).ToString();
        for (var i = 1; i <= settings.UnmanagedCount; i++) AddUnmanaged($"legacy-{i}");
    }

    public Lock Gate { get; } = new();

    public SimSettings Settings { get; }

    public TimeProvider Clock { get; }

    public SimFaults Faults { get; }

    public EventFeed Events { get; } = new();

    /// <summary>Under the lock: the images.</summary>
    public SimImageStore Images { get; }

    public string MachineId { get; }

    public SemaphoreSlim Uploads { get; } = new(1, 1);

    /// <summary>Under the lock: the VMs.</summary>
    public IReadOnlyCollection<SimVm> Vms => _vms.Values;

    public ByteSize StorageFree
    {
        get
        {
            lock (Gate) return new ByteSize(Settings.Storage.Bytes - Images.Length.Bytes - (_disks.Count * OverlaySize.Bytes));
        }
    }

    /// <summary>Under the lock: the VM, or null.</summary>
    public SimVm? Find(string key) => _vms.GetValueOrDefault(key);

    public IReadOnlyList<VirtualMachine> List(string host)
    {
        var listedUntil = Clock.GetUtcNow() - Settings.ListingDelay;
        lock (Gate) return [.. _vms.Values.Where(vm => vm.AddedAt is not { } added || added <= listedUntil).Select(vm => vm.ToVirtualMachine(host))];
    }

    /// <summary>Under the lock: makes the disk of a VM to come.</summary>
    public void AddDisk(string key, string host)
    {
        if (StorageFree < OverlaySize && !_disks.Contains(key)) throw SimErrors.NoCapacity(host, $"{StorageFree} of storage left, {OverlaySize} needed");
        _disks.Add(key);
    }

    /// <summary>Under the lock: what a creation or a deletion that broke off has left.</summary>
    public void RemoveDisk(string key) => _disks.Remove(key);

    /// <summary>Under the lock: makes the VM and powers it on.</summary>
    public SimVm Add(string key, VmRequest request, MachineOffer? machine)
    {
        var vm = new SimVm(this, key, request.Name, ++_created)
        {
            Request = request,
            Machine = machine,
            AddedAt = Clock.GetUtcNow(),
            Cpu = machine?.Cpu ?? request.Cpu,
            Memory = machine?.Memory ?? request.Memory,
            Disk = request.Disk == ByteSize.Zero ? request.Image.VirtualSize : request.Disk,
            Guest = new SimGuest(request.Name, request.Image.DefaultUser, request.Guest),
            Labels = new Dictionary<string, string>(request.Labels),
            ExpiresAt = request.ExpiresAt,
        };
        Register(vm);
        Images.Touch(request.Image.DiskDigest);
        return vm;
    }

    /// <summary>Under the lock: removes the VM and what was made for it.</summary>
    public void Remove(SimVm vm)
    {
        if (vm.State != VmState.Stopped) vm.CutPower();
        vm.Dispose();
        _vms.Remove(vm.Key);
        RemoveDisk(vm.Key);
        Announce(vm, VmEventKind.Removed);
    }

    public void Announce(SimVm vm, VmEventKind kind) =>
        Events.Publish(new VmEvent(new VmId(Settings.Name, vm.Key), kind, vm.State, Clock.GetUtcNow()) { Name = vm.Name });

    private void AddUnmanaged(string name)
    {
        var key = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{MachineId}/{name}")).AsSpan(0, 16)).ToString();
        Register(new SimVm(this, key, name, ++_created)
        {
            Cpu = 1,
            Memory = ByteSize.FromMiB(512),
            Disk = ByteSize.FromGiB(1),
            Guest = new SimGuest(name, "root", new GuestSetup()),
        });
    }

    private void Register(SimVm vm)
    {
        _disks.Add(vm.Key);
        _vms.Add(vm.Key, vm);
        Announce(vm, VmEventKind.Created);
        vm.PowerOn();
    }
}
