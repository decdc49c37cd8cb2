using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>VMs that somebody wants: one shape, one or many names.</summary>
public sealed record VmSpecification
{
    private static readonly Dictionary<string, string> NoLabels = [];

    /// <summary>The image, as in <see cref="ImageLibrary.GetAsync"/>.</summary>
    public required string Image { get; init; }

    /// <summary>The names, one VM each; <see cref="VmNaming.Expand"/> makes numbered ones.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Name of a size; null for <c>small</c>. <see cref="Cpu"/>, <see cref="Memory"/> and <see cref="Disk"/> go before it.</summary>
    public string? Size { get; init; }

    /// <summary>Virtual CPUs, 1 to 1024.</summary>
    public int? Cpu { get; init; }

    /// <summary>Memory, 16 MB or more.</summary>
    public ByteSize? Memory { get; init; }

    /// <summary>Virtual size of the system disk, at least the image's; zero for the image's.</summary>
    public ByteSize? Disk { get; init; }

    /// <summary>Hosts that may be taken, with wildcards <c>*</c> and <c>?</c>; empty for any.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Labels that the host must have; the value <c>*</c> asks only for the label to be there.</summary>
    public IReadOnlyDictionary<string, string> HostLabels { get; init; } = NoLabels;

    /// <summary>
    /// Keeps VMs apart: <c>key=value</c> for every VM with that label, or a word for a group, whose VMs are labelled <c>anti-affinity=word</c>.
    /// No two such VMs share a host. Null for none.
    /// </summary>
    public string? AntiAffinity { get; init; }

    /// <summary>Networks to join, in order; empty for the host's default.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>OpenSSH public keys, the text of one line each.</summary>
    public IReadOnlyList<string> SshKeys { get; init; } = [];

    /// <summary>cloud-config, a script that begins with <c>#!</c>, or a MIME multipart; null for none.</summary>
    public string? UserData { get; init; }

    /// <summary>cloud-init network configuration, version 2; null for DHCP.</summary>
    public string? NetworkConfig { get; init; }

    /// <summary>The owner's own labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels;

    /// <summary>After what time the VMs may be removed; null for never.</summary>
    public TimeSpan? ExpiresAfter { get; init; }

    /// <summary>Which of the hosts that have room is taken.</summary>
    public PlacementPolicy Placement { get; init; }

    /// <summary>Whether hosts that cost money may be taken. One that is named exactly in <see cref="HostNames"/> may be taken anyway.</summary>
    public bool AllowCloud { get; init; }

    /// <summary>How machines are paid for. Hosts without a spot market are not taken for <see cref="VmMarket.Spot"/>.</summary>
    public VmMarket Market { get; init; }

    /// <summary>Whether a machine may be bought on demand where the spot market has none; only with <see cref="VmMarket.Spot"/>.</summary>
    public bool FallBackToOnDemand { get; init; }

    /// <summary>The only machine type that will do, such as <c>m7i.large</c>; null for any that fits. Hosts without machine types are then not taken.</summary>
    public string? MachineType { get; init; }

    /// <summary>GPUs, 0 to 64.</summary>
    public int Gpu { get; init; }

    /// <summary>What each VM may cost an hour, machine and system disk together, in US dollars, above 0; null for any price. What costs nothing is within it.</summary>
    public decimal? MaxHourlyPrice { get; init; }

    /// <summary>TCP ports that can be reached from outside, 1 to 65535; null for the host's own rule. Hosts without a firewall are then not taken.</summary>
    public IReadOnlyList<int>? OpenPorts { get; init; }

    /// <summary>Whether each VM is removed when its guest shuts down. Hosts that cannot do it are then not taken.</summary>
    public bool RemoveOnShutdown { get; init; }

    /// <summary>The fleet that the VMs belong to, if any.</summary>
    public string? Fleet { get; init; }

    /// <summary>Says how much is asked for; user data may hold secrets and is not shown.</summary>
    public override string ToString() => $"{Names.Count} × {Image}";
}
