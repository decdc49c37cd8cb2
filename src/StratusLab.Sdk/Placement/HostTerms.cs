using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What VMs of one shape cost on a priced host, and what is set aside for each.</summary>
/// <param name="Offer">The cheapest machine that will do.</param>
/// <param name="Ceiling">What is set aside for a VM, so that a dearer machine may be taken where the cheapest is not to be had; US dollars an hour.</param>
/// <param name="Cpu">The most virtual CPUs that a machine at that price or less has.</param>
/// <param name="Choices">How many kinds of machine that leaves.</param>
internal sealed record HostTerms(MachineOffer Offer, decimal Ceiling, int Cpu, int Choices)
{
    /// <summary>Shares out what the limits of a host leave, over as many of the VMs as fit at the cheapest price.</summary>
    /// <param name="offers">What the host sells for the shape, the cheapest first, one at least.</param>
    /// <param name="host">The host with its limits.</param>
    /// <param name="use">What counts against them so far.</param>
    /// <param name="wanted">VMs that are still to be placed, 1 or more.</param>
    public static HostTerms Share(IReadOnlyList<MachineOffer> offers, HostDefinition host, HostUse use, int wanted)
    {
        var cheapest = offers[0];
        var basic = Within(offers, cheapest.HourlyPrice);
        var count = (decimal)wanted;
        if (host.MaxVm is { } vms) count = Math.Min(count, vms - use.Vm);
        if (host.MaxVCpu is { } cpus) count = Math.Min(count, Math.Floor((decimal)(cpus - use.VCpu) / basic.Cpu));
        if (host.MaxHourlyCost is { } money && cheapest.HourlyPrice > 0) count = Math.Min(count, Math.Floor((money - use.Cost) / cheapest.HourlyPrice));
        if (count < 1) return basic;

        // The provider knows only the price that it must keep to, so whatever costs as much or less must fit.
        var terms = basic;
        foreach (var offer in offers)
        {
            var next = Within(offers, offer.HourlyPrice);
            if (next.Ceiling * count > (host.MaxHourlyCost - use.Cost ?? decimal.MaxValue) || next.Cpu * count > (host.MaxVCpu - use.VCpu ?? decimal.MaxValue)) break;
            terms = next;
        }

        return terms;
    }

    private static HostTerms Within(IReadOnlyList<MachineOffer> offers, decimal price)
    {
        var (cpu, choices) = (0, 0);
        foreach (var offer in offers.Where(o => o.HourlyPrice <= price)) (cpu, choices) = (Math.Max(cpu, offer.Cpu), choices + 1);
        return new HostTerms(offers[0], price, cpu, choices);
    }
}
