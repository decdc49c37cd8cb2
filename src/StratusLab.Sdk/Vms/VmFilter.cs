using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Which VMs of the site to list. All conditions given must hold.</summary>
public sealed record VmFilter
{
    /// <summary>Every VM that StratusLab made.</summary>
    public static VmFilter Managed { get; } = new();

    /// <summary>Names with wildcards <c>*</c> and <c>?</c>, without regard to case; empty for any.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Hosts with wildcards; empty for any.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Labels that the VM must have; a value may have wildcards.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The fleet, with wildcards; null for any or none.</summary>
    public string? Fleet { get; init; }

    /// <summary>Identities; empty for any.</summary>
    public IReadOnlyCollection<VmId> Ids { get; init; } = [];

    /// <summary>Also VMs that StratusLab did not make.</summary>
    public bool IncludeUnmanaged { get; init; }

    /// <summary>Whether addresses are looked up, which some hosts answer one VM at a time.</summary>
    public bool WithAddresses { get; init; } = true;
}
