using System.Globalization;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Types;

namespace StratusLab.Ec2.Pricing;

/// <summary>The machines of a region that VMs can be had on, and what they cost.</summary>
internal sealed class OfferBook(Ec2Uri uri, IEc2Client ec2, TypeCatalogue types, TimeProvider clock) : IDisposable
{
    // Beyond these a region that lacks capacity would be asked for minutes.
    private const int Most = 12;

    // With fewer to choose from, a spot VM may find no machine: the less good ones are offered too.
    private const int Enough = 5;

    private readonly PriceBook _prices = new(uri, ec2, clock);

    /// <summary>The types that a VM with these needs can run on, at most twelve: the cheapest first, of equals the smallest, then by name.</summary>
    /// <exception cref="InvalidInputException">The rate file cannot be used.</exception>
    public async Task<IReadOnlyList<ZonedOffer>> ListAsync(MachineNeeds needs, CancellationToken cancellationToken = default)
    {
        await _prices.PrepareAsync(needs.Market, cancellationToken).ConfigureAwait(false);
        var region = await types.ListAsync(cancellationToken).ConfigureAwait(false);
        var preferred = new List<ZonedOffer>();
        var others = new List<ZonedOffer>();
        foreach (var type in region.All.Where(type => type.Fits(needs)))
        {
            if (Offer(type, needs, region.Zones[type.Name].Where(IsOfRegion)) is { } offer) (type.IsPreferred(needs.Market) ? preferred : others).Add(offer);
        }

        return
        [
            .. (preferred.Count >= Enough ? preferred : preferred.Concat(others))
                .OrderBy(o => o.Offer.HourlyPrice).ThenBy(o => o.Offer.Cpu).ThenBy(o => o.Offer.Memory).ThenBy(o => o.Offer.MachineType, StringComparer.Ordinal)
                .Take(Most),
        ];
    }

    /// <summary>Reads what the prices of a market depend on, unless that is known and new enough.</summary>
    /// <exception cref="InvalidInputException">The rate file cannot be used.</exception>
    public Task PrepareAsync(VmMarket market, CancellationToken cancellationToken = default) => _prices.PrepareAsync(market, cancellationToken);

    /// <summary>
    /// US dollars per hour for a machine and its system disk, by what is known without asking: <see cref="PrepareAsync"/> sees to that.
    /// Null if no price is known. Without a zone it is the dearest one's price.
    /// </summary>
    public decimal? PriceOf(string type, VmMarket market, string? zone, ByteSize disk) => Total(_prices.Find(type, market, zone)?.PerHour, _prices.Disk(type, market, disk));

    /// <summary>US dollars per hour for the system disk alone. Null if no price is known.</summary>
    public decimal? DiskPriceOf(string type, VmMarket market, ByteSize disk) => Total(0, _prices.Disk(type, market, disk));

    /// <summary>Says which prices there are.</summary>
    public async Task<HostCheck> CheckAsync(HostDefinition host, CancellationToken cancellationToken = default)
    {
        const string Name = "Prices";
        try
        {
            await _prices.PrepareAsync(VmMarket.OnDemand, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException e)
        {
            return new HostCheck(host.Name, Name, CheckResult.Failed, e.Message, "Correct the rate file, or take 'rates' out of the host's URI.");
        }

        var sources = new List<string>();
        if (_prices.Rates is { } rates) sources.Add(rates.Source);
        if (_prices.List is { } list) sources.Add(string.Create(CultureInfo.InvariantCulture, $"{list.Source} for {list.Count} types"));
        return sources.Count > 0
            ? new HostCheck(host.Name, Name, CheckResult.Passed, $"By {string.Join(", then ", sources)}.")
            : new HostCheck(
                host.Name, Name, CheckResult.Failed, $"No prices of region {uri.Region} are known, so no machine of it is offered.",
                "Write a rate file (region,type,market,price,disk) and register the host with rates=/path/of/the/file.csv in its URI.");
    }

    /// <inheritdoc/>
    public void Dispose() => _prices.Dispose();

    // Local and Wavelength Zones, whose names have more than a letter beyond the region's, have prices of their own.
    private bool IsOfRegion(string zone) => zone.Length == uri.Region.Length + 1 && zone.StartsWith(uri.Region, StringComparison.Ordinal);

    private ZonedOffer? Offer(InstanceTypeInfo type, MachineNeeds needs, IEnumerable<string> places)
    {
        var zones = new Dictionary<string, decimal>(StringComparer.Ordinal);
        KnownPrice? dearest = null;
        var disk = _prices.Disk(type.Name, needs.Market, needs.Disk);
        foreach (var zone in places)
        {
            if (_prices.Find(type.Name, needs.Market, zone) is not { } price || Total(price.PerHour, disk) is not { } total) continue;
            zones[zone] = total;
            if (dearest is null || price.PerHour > dearest.Value.PerHour) dearest = price;
        }

        if (dearest is not { } source) return null;
        var offer = new MachineOffer
        {
            MachineType = type.Name,
            Cpu = type.VCpu,
            Memory = type.Memory(),
            Gpu = type.GpuCount(),
            Market = needs.Market,
            HourlyPrice = zones.Values.Max(),
            PricedAt = source.At,
            PriceSource = source.Source,
        };
        return new ZonedOffer(offer, type.IsBurstable, zones);
    }

    // To a millionth of a dollar, and never less than will be paid.
    private static decimal? Total(decimal? machine, decimal? disk) => machine + disk is { } sum ? Math.Ceiling(sum * 1_000_000) / 1_000_000 : null;
}
