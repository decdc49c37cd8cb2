using System.Net;

namespace StratusLab.Core;

/// <summary>A VM as its host reported it at one moment.</summary>
public sealed record VirtualMachine
{
    /// <summary>The host and the identity there.</summary>
    public required VmId Id { get; init; }

    /// <summary>The name; unique on its host.</summary>
    public required string Name { get; init; }

    /// <summary>The registered name of the host.</summary>
    public string Host => Id.Host;

    /// <summary>Where the VM stands in its life.</summary>
    public required VmState State { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public int Cpu { get; init; }

    /// <summary>Memory given to the guest.</summary>
    public ByteSize Memory { get; init; }

    /// <summary>Virtual size of the system disk; zero where the host did not say.</summary>
    public ByteSize Disk { get; init; }

    /// <summary>What it boots with.</summary>
    public Firmware Firmware { get; init; }

    /// <summary>CPU architecture in the kernel's words, such as <c>x86_64</c>.</summary>
    public string Architecture { get; init; } = "x86_64";

    /// <summary>Addresses known now, the preferred one first; empty while none is known.</summary>
    public IReadOnlyList<IPAddress> IPAddresses { get; init; } = [];

    /// <summary>The first address, or null while none is known.</summary>
    public IPAddress? IPAddress => IPAddresses.Count > 0 ? IPAddresses[0] : null;

    /// <summary>Name and version of the image it was made from, such as <c>debian:12</c>.</summary>
    public string? Image { get; init; }

    /// <summary>Manifest digest of the image, such as <c>sha256:…</c>.</summary>
    public string? ImageDigest { get; init; }

    /// <summary>The user that the image expects over ssh.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>Name of the size it was asked for with, if any.</summary>
    public string? Size { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? Owner { get; init; }

    /// <summary>The site that made it.</summary>
    public string? Site { get; init; }

    /// <summary>The fleet it belongs to, if any.</summary>
    public string? Fleet { get; init; }

    /// <summary>The request that made it; null for a VM that StratusLab did not make.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The owner's own labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was made, in UTC.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it may be removed, in UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why it was placed on this host.</summary>
    public string? PlacementReason { get; init; }

    /// <summary>The host's name for the type of machine, such as <c>m7i.large</c>; null where machines have no types.</summary>
    public string? MachineType { get; init; }

    /// <summary>The zone of the host that it is in, such as <c>eu-west-1a</c>; null where there are none.</summary>
    public string? Zone { get; init; }

    /// <summary>How it is paid for; null where it costs nothing.</summary>
    public VmMarket? Market { get; init; }

    /// <summary>What it costs an hour while it runs, machine and system disk together, in US dollars; null where it costs nothing or that is not known.</summary>
    public decimal? HourlyPrice { get; init; }

    /// <summary>Whether StratusLab made it. What it did not make it never changes.</summary>
    public bool IsManaged => RequestId is not null;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
