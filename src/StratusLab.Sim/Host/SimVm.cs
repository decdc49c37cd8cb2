using System.Net;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>A VM in memory and its life: at most one timer is under way, for whatever comes next. Used under the host's lock.</summary>
internal sealed class SimVm : IDisposable
{
    private readonly SimHost _host;
    private ITimer? _next;
    private TaskCompletionSource _off = Completed();

    public SimVm(SimHost host, string key, string name, int number)
    {
        _host = host;
        Key = key;
        Name = name;
        Mac = $"52:54:00:{number >> 16 & 255:x2}:{number >> 8 & 255:x2}:{number & 255:x2}";
        LeasedAddress = new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
    }

    public string Key { get; }

    public string Name { get; }

    public string Mac { get; }

    public VmRequest? Request { get; init; }

    /// <summary>What it was sold as; null where it costs nothing.</summary>
    public MachineOffer? Machine { get; init; }

    /// <summary>When it was made; null for one that was there from the start.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    public required int Cpu { get; init; }

    public required ByteSize Memory { get; init; }

    public required ByteSize Disk { get; init; }

    public required SimGuest Guest { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    public DateTimeOffset? ExpiresAt { get; set; }

    public VmState State { get; private set; } = VmState.Stopped;

    public bool HasBooted { get; private set; }

    /// <summary>Whether the guest executes and has come up.</summary>
    public bool Answers => State == VmState.Running && HasBooted;

    public IPAddress LeasedAddress { get; }

    public IReadOnlyList<IPAddress> Addresses => HasBooted && !_host.Settings.IgnoresDhcp && Request is not { IsIsolated: true } ? [LeasedAddress] : [];

    /// <summary>Completes when the VM is off.</summary>
    public Task WhenOff => _off.Task;

    public void PowerOn()
    {
        _off = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enter(VmState.Pending);
        After(_host.Settings.StartDelay, () =>
        {
            Enter(VmState.Running);
            Boot();
        });
    }

    /// <summary>Asks the guest to shut down; one that is still booting does so when it has booted.</summary>
    public void AskToShutDown()
    {
        if (_host.Settings.IgnoresAcpi || State != VmState.Running) return;
        Enter(VmState.Stopping);
        After(HasBooted ? _host.Settings.ShutdownDelay : _host.Settings.BootDelay + _host.Settings.ShutdownDelay, () =>
        {
            Guest.Console.WriteLine("reboot: Power down");
            CutPower();
            if (Request is { RemoveOnShutdown: true }) _host.Remove(this);
        });
    }

    public void CutPower()
    {
        Halt();
        Guest.Console.End();
        Enter(VmState.Stopped);
        _off.TrySetResult();
    }

    public void Restart()
    {
        Halt();
        Boot();
    }

    public void Suspend()
    {
        _next?.Dispose();
        Enter(VmState.Suspended);
    }

    public void Resume()
    {
        Enter(VmState.Running);
        if (!HasBooted) Boot();
    }

    public VirtualMachine ToVirtualMachine(string host) => new()
    {
        Id = new VmId(host, Key),
        Name = Name,
        State = State,
        Cpu = Cpu,
        Memory = Memory,
        Disk = Disk,
        Firmware = Request?.Image.Firmware ?? Firmware.Bios,
        Architecture = Request?.Image.Architecture ?? "x86_64",
        IPAddresses = Addresses,
        Image = Request?.Image.ToString(),
        ImageDigest = Request?.Image.Digest,
        DefaultUser = Request?.Image.DefaultUser,
        Size = Request?.Size,
        Owner = Request?.Owner,
        Site = Request?.Site,
        Fleet = Request?.Fleet,
        RequestId = Request?.RequestId,
        Labels = Labels,
        CreatedAt = Request?.CreatedAt,
        ExpiresAt = ExpiresAt,
        PlacementReason = Request?.PlacementReason,
        MachineType = Machine?.MachineType,
        Market = Machine?.Market,
        HourlyPrice = Machine?.HourlyPrice,
    };

    public void Dispose() => _next?.Dispose();

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private void Halt()
    {
        _next?.Dispose();
        HasBooted = false;
    }

    private void Boot()
    {
        Guest.Console.WriteLine("[    0.000000] Linux version 6.1.0-sim (simulated) #1 SMP");
        Guest.Console.WriteLine($"[    0.100000] Memory: {Memory.Bytes >> 10}K, {Cpu} CPUs");
        After(_host.Settings.BootDelay, () =>
        {
            HasBooted = true;
            if (!_host.Settings.IgnoresDhcp) Guest.Console.WriteLine($"[    1.000000] eth0: leased {LeasedAddress}");
            Guest.Console.Write($"\r\n{Guest.HostName} login: ");
        });
    }

    private void Enter(VmState state)
    {
        if (State == state) return;
        State = state;
        _host.Announce(this, VmEventKind.StateChanged);
    }

    private void After(TimeSpan delay, Action step)
    {
        _next?.Dispose();
        if (delay == TimeSpan.Zero)
        {
            step();
            return;
        }

        ITimer? mine = null;
        mine = _host.Clock.CreateTimer(
            _ =>
            {
                lock (_host.Gate)
                {
                    if (ReferenceEquals(_next, mine)) step();
                }
            }, null, delay, Timeout.InfiniteTimeSpan);
        _next = mine;
    }
}
