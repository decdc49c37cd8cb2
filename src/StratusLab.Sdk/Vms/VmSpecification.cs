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

    /// <summary>The fleet that the VMs belong to, if any.</summary>
    public string? Fleet { get; init; }

    /// <summary>Says how much is asked for; user data may hold secrets and is not shown.</summary>
    public override string ToString() => $"{Names.Count} × {Image}";
}
