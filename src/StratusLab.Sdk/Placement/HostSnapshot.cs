using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A host as placement sees it: what it has, what is used, and what others are about to use.</summary>
internal sealed record HostSnapshot
{
    public required HostDefinition Definition { get; init; }

    public required HostStatus Status { get; init; }

    public ProviderCapabilities Capabilities { get; init; }

    /// <summary>Reserved by creations that are under way and not yet in <see cref="Status"/>.</summary>
    public int ReservedCpu { get; init; }

    /// <inheritdoc cref="ReservedCpu"/>
    public ByteSize ReservedMemory { get; init; }

    /// <summary>Labels, <c>key=value</c>, of the VMs that are on the host or under way to it.</summary>
    public IReadOnlySet<string> VmLabels { get; init; } = new HashSet<string>();

    /// <summary>Disk digests of the images that are on the host.</summary>
    public IReadOnlySet<string> Images { get; init; } = new HashSet<string>();
}
