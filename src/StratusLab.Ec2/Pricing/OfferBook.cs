using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Launch;

namespace StratusLab.Ec2.Pricing;

/// <summary>What the region sells.</summary>
internal sealed class OfferBook(TypeCatalogue types, TimeProvider clock)
{
    /// <summary>The machines that fit, the cheapest first.</summary>
    public async Task<IReadOnlyList<ZonedOffer>> ListAsync(MachineNeeds needs, CancellationToken cancellationToken = default)
    {
        var offers = new List<ZonedOffer>();
        foreach (var type in await types.FittingAsync(needs, cancellationToken).ConfigureAwait(false))
        {
            var price = Price(type, needs.Market);
            var zones = (await types.ZonesAsync(type.Name, cancellationToken).ConfigureAwait(false)).ToDictionary(zone => zone, _ => price, StringComparer.Ordinal);
            var offer = new MachineOffer
            {
                MachineType = type.Name, Cpu = type.VCpu, Memory = ByteSize.FromMiB(type.MemoryMiB), Gpu = type.Gpus.Sum(gpu => gpu.Count), Market = needs.Market,
                HourlyPrice = price, PricedAt = clock.GetUtcNow(), PriceSource = "estimate",
            };
            if (zones.Count > 0) offers.Add(new ZonedOffer(offer, zones));
        }

        return offers;
    }

    private static decimal Price(InstanceTypeInfo type, VmMarket market) =>
        ((type.VCpu * 0.04m) + (type.MemoryMiB / 1024 * 0.005m)) * (market == VmMarket.Spot ? 0.4m : 1);
}
