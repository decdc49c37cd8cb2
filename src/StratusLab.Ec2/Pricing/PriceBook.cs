using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Hosts;

namespace StratusLab.Ec2.Pricing;

/// <summary>What machines and disks cost in a region: by the site's own rates, else by the spot price history, else by the list prices.</summary>
internal sealed class PriceBook : IDisposable
{
    // Spot prices change a few times a day, and a rate file is corrected when somebody has just been told of it.
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);

    // By which AWS turns prices per month into prices per hour.
    private const decimal HoursPerMonth = 730;

    private readonly string _region;
    private readonly Lazy<ListPrices?> _list;
    private readonly Cached<RateFile>? _rates;
    private readonly Cached<SpotPrices> _spot;

    public PriceBook(Ec2Uri uri, IEc2Client ec2, TimeProvider clock)
    {
        _region = uri.Region;
        _list = new Lazy<ListPrices?>(() => ListPrices.Read(uri.Region));
        _rates = uri.RateFile is { } path ? new Cached<RateFile>(clock, Age, cancel => RateFile.ReadAsync(path, cancel)) : null;
        _spot = new Cached<SpotPrices>(clock, Age, cancel => SpotPrices.ReadAsync(ec2, clock, cancel));
    }

    /// <summary>The list prices; null if none of the region are shipped.</summary>
    public ListPrices? List => _list.Value;

    /// <summary>The site's own rates, as read last; null if it has none.</summary>
    public RateFile? Rates => _rates?.Last;

    /// <summary>Reads what the prices of a market depend on, unless that is known and new enough.</summary>
    /// <exception cref="InvalidInputException">The rate file cannot be used.</exception>
    public async Task PrepareAsync(VmMarket market, CancellationToken cancellationToken = default)
    {
        if (_rates is not null) await _rates.GetAsync(cancellationToken).ConfigureAwait(false);
        if (market == VmMarket.Spot) await _spot.GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The price of a machine, by what is known; a spot machine without a history costs no more than on demand. Null if no price is known.
    /// Without a zone it is the dearest one's price.
    /// </summary>
    public KnownPrice? Find(string type, VmMarket market, string? zone)
    {
        if (Rates?.Find(_region, type, market) is { } rate) return rate;
        if (market == VmMarket.OnDemand) return List?.Find(type);
        return _spot.Last?.Find(type, zone) ?? Find(type, VmMarket.OnDemand, zone);
    }

    /// <summary>US dollars per hour for the system disk of a machine: whole gibibytes are paid for. Null if no price is known.</summary>
    public decimal? Disk(string type, VmMarket market, ByteSize size)
    {
        if (size == ByteSize.Zero) return 0;
        var gibibytes = (size.Bytes + (1L << 30) - 1) >> 30;
        return (Rates?.FindDisk(_region, type, market) ?? List?.DiskMonth) * gibibytes / HoursPerMonth;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rates?.Dispose();
        _spot.Dispose();
    }
}
