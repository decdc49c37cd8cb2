using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.InstanceTypes;

namespace StratusLab.Ec2.Pricing;

/// <summary>What spot instances cost in a region's zones at a moment.</summary>
internal sealed class SpotPrices
{
    private readonly Dictionary<(string Type, string Zone), SpotPrice> _newest = [];
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
            var key = (price.InstanceType, price.AvailabilityZone);
            if (!prices._newest.TryGetValue(key, out var known) || known.At < price.At) prices._newest[key] = price;
        }

        return prices;
    }

    /// <summary>The price of a type in a zone; null where there is no history.</summary>
    public KnownPrice? Find(string type, string zone) =>
        _newest.TryGetValue((type, zone), out var price) ? new KnownPrice(price.Price, _at, "spot price history") : null;

    /// <summary>The zones whose price of a type is known.</summary>
    public IEnumerable<string> Zones(string type) => _newest.Keys.Where(key => key.Type == type).Select(key => key.Zone);
}
