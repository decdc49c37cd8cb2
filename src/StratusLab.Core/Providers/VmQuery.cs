namespace StratusLab.Core;

/// <summary>Which VMs to list. All conditions given must hold.</summary>
public sealed record VmQuery
{
    /// <summary>All that StratusLab made.</summary>
    public static VmQuery Managed { get; } = new();

    /// <summary>Also those that StratusLab did not make.</summary>
    public bool IncludeUnmanaged { get; init; }

    /// <summary>Exact names; empty for any.</summary>
    public IReadOnlyCollection<string> Names { get; init; } = [];

    /// <summary>Identities on this host; empty for any.</summary>
    public IReadOnlyCollection<string> Keys { get; init; } = [];

    /// <summary>Requests that made them; empty for any.</summary>
    public IReadOnlyCollection<Guid> RequestIds { get; init; } = [];

    /// <summary>Whether addresses are looked up, which costs a call per running VM on some hosts.</summary>
    public bool WithAddresses { get; init; } = true;
}
