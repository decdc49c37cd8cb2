using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.InstanceTypes;

namespace StratusLab.Ec2.Pricing;

/// <summary>What spot instances cost in a region's zones at a moment.</summary>
internal sealed class SpotPrices
{
    private readonly Dictionary<string, Dictionary<string, SpotPrice>> _newest = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _at;

    private SpotPrices(DateTimeOffset at) => _at = at;

    /// <summary>Asks for the prices that hold now. One listing serves every type: it takes as many calls as there are thousands of prices.</summary>
    public static async Task<SpotPrices> ReadAsync(IEc2Client ec2, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        var prices = new SpotPrices(clock.GetUtcNow());

        // A history that begins now is, for each type and zone, the last change before.
        var history = new DescribeSpotPriceHistory { ProductDescriptions = ["Linux/UNIX"], StartTime = prices._at, MaxResults = 1000 };
        await foreach (var price in ec2.ListAsync(history, cancellationToken).ConfigureAwait(false))
        {
            if (!prices._newest.TryGetValue(price.InstanceType, out var zones)) prices._newest[price.InstanceType] = zones = new(StringComparer.Ordinal);
            if (!zones.TryGetValue(price.AvailabilityZone, out var known) || known.At < price.At) zones[price.AvailabilityZone] = price;
        }

        return prices;
    }

    /// <summary>The price of a type in a zone, or in the dearest; null where there is no history.</summary>
    public KnownPrice? Find(string type, string? zone)
    {
        if (!_newest.TryGetValue(type, out var zones)) return null;
        var price = zone is null ? zones.Values.MaxBy(each => each.Price) : zones.GetValueOrDefault(zone);
        return price is null ? null : new KnownPrice(price.Price, _at, "spot price history");
    }
}
