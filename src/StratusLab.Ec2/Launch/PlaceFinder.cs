using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Pricing;

namespace StratusLab.Ec2.Launch;

/// <summary>The places where a VM may be launched, in the order in which they are tried.</summary>
internal sealed class PlaceFinder(HostDefinition host, LaunchSite site, OfferBook book)
{
    // Beyond these a region that lacks capacity would be asked for minutes.
    private const int MaxTypes = 12;

    /// <summary>First every zone for the cheapest type, then the next type, then on demand where that is allowed. None costs more than the request says.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="turn">Which zone comes first, so that batches are spread.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="StratusException">No machine fits, or none at that price.</exception>
    public async Task<IReadOnlyList<LaunchPlace>> ListAsync(VmRequest request, int turn, CancellationToken cancellationToken = default)
    {
        var subnets = await site.SubnetsAsync(request, cancellationToken).ConfigureAwait(false);
        var offers = await OffersAsync(request, request.Market, cancellationToken).ConfigureAwait(false);
        if (request is { Market: VmMarket.Spot, FallBackToOnDemand: true })
            offers = [.. offers, .. await OffersAsync(request, VmMarket.OnDemand, cancellationToken).ConfigureAwait(false)];

        var all = offers.SelectMany(offer => Places(request, offer, subnets, turn)).ToList();
        if (all.Count == 0) throw VmErrors.NoType(host, request);
        var affordable = all.Where(place => request.MaxHourlyPrice is not { } most || place.HourlyPrice <= most).ToList();
        return affordable.Count > 0 ? affordable : throw VmErrors.TooDear(host, request, all.MinBy(place => place.HourlyPrice)!);
    }

    private async Task<IReadOnlyList<ZonedOffer>> OffersAsync(VmRequest request, VmMarket market, CancellationToken cancellationToken)
    {
        var needs = new MachineNeeds
        {
            Cpu = request.Cpu,
            Memory = request.Memory,
            Disk = RequestRules.Disk(request),
            Gpu = request.Gpu,
            Architecture = request.Image.Architecture,
            Firmware = request.Image.Firmware,
            Market = market,
            MachineType = request.MachineType,
        };
        return [.. (await book.ListAsync(needs, cancellationToken).ConfigureAwait(false)).Take(MaxTypes)];
    }

    private IEnumerable<LaunchPlace> Places(VmRequest request, ZonedOffer offer, IReadOnlyList<Subnet> subnets, int turn)
    {
        var there = subnets.Where(subnet => offer.Zones.ContainsKey(subnet.AvailabilityZone)).ToList();
        for (var i = 0; i < there.Count; i++)
        {
            var subnet = there[(turn + i) % there.Count];
            yield return new LaunchPlace(offer.Offer.MachineType, subnet.AvailabilityZone, subnet.SubnetId, subnet.VpcId, offer.Offer.Market, offer.Zones[subnet.AvailabilityZone])
            {
                DiskPrice = book.DiskPriceOf(offer.Offer.MachineType, offer.Offer.Market, RequestRules.Disk(request)) ?? 0,
                IsBurstable = offer.IsBurstable,
            };
        }
    }
}
