namespace StratusLab.Core;

/// <summary>One VM to be created, complete in itself.</summary>
public sealed record VmRequest
{
    /// <summary>The idempotency token: one request, one VM.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The VM's name, valid by <see cref="ResourceName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What it boots.</summary>
    public required ImageDescriptor Image { get; init; }

    /// <summary>Virtual CPUs, 1 or more.</summary>
    public required int Cpu { get; init; }

    /// <summary>Memory.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>Virtual size of the system disk; zero keeps the image's own. Smaller than the image is refused.</summary>
    public ByteSize Disk { get; init; }

    /// <summary>Networks of the host to join, in order; empty for the host's own default.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Whether it has no network at all, whatever <see cref="Networks"/> says.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>
    /// A VM of the same host whose disk the new one's is a full copy of, taken while that VM runs or is off and without harm to it. Null to begin
    /// with the image's disk. The copy has the size, architecture and firmware of what it is copied from; <see cref="Image"/> says where that came
    /// from and need not be on the host. Needs <see cref="ProviderCapabilities.Disks"/>.
    /// </summary>
    public VmId? CopyDiskOf { get; init; }

    /// <summary>What the guest is told at its first boot.</summary>
    public GuestSetup Guest { get; init; } = new();

    /// <summary>Name of the size asked for, if any.</summary>
    public string? Size { get; init; }

    /// <summary>Who asks.</summary>
    public required string Owner { get; init; }

    /// <summary>The site that asks.</summary>
    public required string Site { get; init; }

    /// <summary>The fleet it belongs to, if any.</summary>
    public string? Fleet { get; init; }

    /// <summary>The owner's own labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was asked for, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it may be removed, in UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why it was placed on this host.</summary>
    public string? PlacementReason { get; init; }

    /// <summary>GPUs; needs <see cref="ProviderCapabilities.MachineTypes"/> unless 0.</summary>
    public int Gpu { get; init; }

    /// <summary>The only machine type that will do; null for any that fits. Needs <see cref="ProviderCapabilities.MachineTypes"/>.</summary>
    public string? MachineType { get; init; }

    /// <summary>How it is paid for. <see cref="VmMarket.Spot"/> needs <see cref="ProviderCapabilities.Spot"/>.</summary>
    public VmMarket Market { get; init; }

    /// <summary>Whether it may be bought on demand where the spot market has no machine for it.</summary>
    public bool FallBackToOnDemand { get; init; }

    /// <summary>What it may cost an hour, machine and system disk together, in US dollars; null for any price. It is never launched above.</summary>
    public decimal? MaxHourlyPrice { get; init; }

    /// <summary>TCP ports that can be reached from outside, 1 to 65535; null for the host's own rule. Needs <see cref="ProviderCapabilities.Firewall"/>.</summary>
    public IReadOnlyList<int>? OpenPorts { get; init; }

    /// <summary>Whether the VM is removed when its guest shuts down. Needs <see cref="ProviderCapabilities.RemoveOnShutdown"/>.</summary>
    public bool RemoveOnShutdown { get; init; }
}
