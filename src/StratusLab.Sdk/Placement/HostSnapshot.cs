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

    /// <summary>What counts against the limits of the definition, reservations included.</summary>
    public HostUse Use { get; init; }

    /// <summary>The machines that a VM of the shape can be had on, the cheapest first; null if nobody asked. Of hosts that cost money only.</summary>
    public IReadOnlyList<MachineOffer>? Offers { get; init; }

    /// <summary>Why the offers could not be had.</summary>
    public string? OffersProblem { get; init; }

    /// <summary>Labels, <c>key=value</c>, of the VMs that are on the host or under way to it.</summary>
    public IReadOnlySet<string> VmLabels { get; init; } = new HashSet<string>();

    /// <summary>Disk digests of the images that are on the host.</summary>
    public IReadOnlySet<string> Images { get; init; } = new HashSet<string>();

    public bool IsPriced => Capabilities.HasFlag(ProviderCapabilities.Priced);

    /// <summary>The offers within the price that a VM of a shape may have; empty where none is known.</summary>
    public IReadOnlyList<MachineOffer> OffersFor(PlacementShape shape) =>
        Offers is null ? [] : shape.MaxHourlyPrice is { } most ? [.. Offers.Where(o => o.HourlyPrice <= most)] : Offers;
}
