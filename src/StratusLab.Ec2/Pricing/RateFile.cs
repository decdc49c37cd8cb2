using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Ec2.Pricing;

/// <summary>What a site pays by its own contract: a text file of rates that go before the list prices.</summary>
/// <remarks>
/// Each line is <c>region,type,market,price,disk</c>: the region or <c>*</c>; the instance type, with <c>*</c> and <c>?</c>;
/// <c>ondemand</c>, <c>spot</c> or <c>*</c>; US dollars per hour; and, if wanted, US dollars for a GiB of system disk and month. One of the two
/// prices may be left empty. The first line that fits a machine and has the price counts. Empty lines, lines that begin with <c>#</c>
/// and the line that names the columns are passed over.
/// </remarks>
internal sealed class RateFile
{
    // Far beyond any file written by people; a path to something else is found out before it fills the memory.
    private const int MaxRates = 100_000;
    private const decimal MaxPrice = 10_000m;
    private const string Format = "region,type,market,price,disk";

    private readonly List<Rate> _rates = [];
    private readonly DateTimeOffset _at;

    private RateFile(string path, DateTimeOffset at) => (Source, _at) = ($"rate file {Path.GetFileName(path)}", at);

    /// <summary>Where its prices come from, for people.</summary>
    public string Source { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or a line is wrong; the message names the line and what would be right.</exception>
    public static async Task<RateFile> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            using var reader = new StreamReader(path);
            var file = new RateFile(path, new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero));
            for (var number = 1; await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line; number++)
            {
                var text = line.Trim();
                if (text.Length == 0 || text[0] == '#' || (file._rates.Count == 0 && text.StartsWith("region,", StringComparison.OrdinalIgnoreCase))) continue;
                if (file._rates.Count == MaxRates) throw Wrong(path, number, string.Create(CultureInfo.InvariantCulture, $"there are more than {MaxRates} rates; use wildcards"));
                file._rates.Add(Parse(path, number, text));
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("Ec2RateFileUnreadable", $"The rate file '{path}' cannot be read: {e.Message.TrimEnd('.')}. Correct the setting 'rates' of the host's URI, or let this user read the file.", "rates", e) { Resource = path };
        }
    }

    /// <summary>The file's price of a machine; null if it has none.</summary>
    public KnownPrice? Find(string region, string type, VmMarket market) =>
        _rates.Find(rate => rate.PerHour is not null && rate.IsFor(region, type, market)) is { PerHour: { } price } ? new KnownPrice(price, _at, Source) : null;

    /// <summary>The file's price for a GiB of system disk and month; null if it has none.</summary>
    public decimal? FindDisk(string region, string type, VmMarket market) => _rates.Find(rate => rate.DiskMonth is not null && rate.IsFor(region, type, market))?.DiskMonth;

    private static Rate Parse(string path, int number, string line)
    {
        var fields = line.Split(',', StringSplitOptions.TrimEntries);
        if (fields.Length is not (4 or 5)) throw Wrong(path, number, string.Create(CultureInfo.InvariantCulture, $"it has {fields.Length} fields and not 4 or 5 ({Format})"));
        if (fields[0].Length == 0) throw Wrong(path, number, "its region is empty; write one such as eu-west-1, or *");
        if (fields[1].Length == 0) throw Wrong(path, number, "its type is empty; write one such as m7i.large, m7i.* or *");
        var market = fields[2].ToUpperInvariant() switch
        {
            "*" => (VmMarket?)null,
            "ONDEMAND" or "ON-DEMAND" => VmMarket.OnDemand,
            "SPOT" => VmMarket.Spot,
            _ => throw Wrong(path, number, $"its market is '{fields[2]}'; write ondemand, spot or *"),
        };
        var price = Price(path, number, "price", fields[3]);
        var disk = fields.Length == 5 ? Price(path, number, "disk price", fields[4]) : null;
        if (price is null && disk is null) throw Wrong(path, number, "it has no price; write US dollars per hour, such as 0.0832");
        return new Rate(fields[0], fields[1], market, price, disk);
    }

    private static decimal? Price(string path, int number, string name, string text)
    {
        if (text.Length == 0) return null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price <= MaxPrice
            ? price
            : throw Wrong(path, number, string.Create(CultureInfo.InvariantCulture, $"its {name} is '{text}'; write US dollars with a decimal point and no sign or unit, such as 0.0832, at most {MaxPrice}"));
    }

    private static InvalidInputException Wrong(string path, int number, string problem) =>
        new("Ec2RateFileInvalid", string.Create(CultureInfo.InvariantCulture, $"Line {number} of the rate file '{path}' is wrong: {problem}."), "rates") { Resource = path, Line = number };
}
