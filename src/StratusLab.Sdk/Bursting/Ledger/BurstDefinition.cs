using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What a burst is: where its nodes come from and by which policy. Kept in the ledger; holds no secrets.</summary>
public sealed record BurstDefinition
{
    /// <summary>The name, valid by <see cref="ResourceName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The registered name of the host that runs the nodes.</summary>
    public required string HostName { get; init; }

    /// <summary>What nodes boot, as in <see cref="ImageLibrary.GetAsync"/>.</summary>
    public required string Image { get; init; }

    /// <summary>The policy, with its daily budget.</summary>
    public required BurstPolicy Policy { get; init; }

    /// <summary>The classes of node; empty to take them from the batch system's cloud nodes in the burst partition.</summary>
    public IReadOnlyList<BurstNodeClass> Classes { get; init; } = [];

    /// <summary>The host's type of machine for classes that are taken from the batch system; null for any that fits.</summary>
    public string? MachineType { get; init; }

    /// <summary>What a node of those classes counts for an hour on a host that has no prices of its own, in US dollars, 0 or more.</summary>
    public decimal PricePerHour { get; init; }

    /// <summary>Whether nodes of those classes are bought on the spot market where it has them.</summary>
    public bool IsSpot { get; init; }

    /// <summary>Networks that nodes join, in order; empty for the host's default.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>OpenSSH public keys for the image's default user, the text of one line each.</summary>
    public IReadOnlyList<string> SshKeys { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
