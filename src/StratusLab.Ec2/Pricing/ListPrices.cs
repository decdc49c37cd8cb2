using System.Globalization;

namespace StratusLab.Ec2.Pricing;

/// <summary>The on-demand list prices of a region, from the file that is shipped.</summary>
/// <remarks>
/// The file (<c>list-prices.txt</c>) is text. A line <c>@REGION DATE DISK</c> begins a region: the day of its prices, and US dollars for a GiB
/// of gp3 volume and month. Below it <c>FAMILY SIZE=PRICE SIZE=PRICE …</c> gives US dollars per hour (Linux, shared tenancy). Lines that begin
/// with <c>#</c> are comments.
/// </remarks>
internal sealed class ListPrices
{
    private readonly Dictionary<string, decimal> _machines = new(StringComparer.Ordinal);

    private ListPrices(DateTimeOffset at, decimal diskMonth) => (At, DiskMonth, Source) = (at, diskMonth, string.Create(CultureInfo.InvariantCulture, $"list prices of {at:yyyy-MM-dd}"));

    /// <summary>The day of the prices, in UTC.</summary>
    public DateTimeOffset At { get; }

    /// <summary>US dollars for a GiB of gp3 volume and month.</summary>
    public decimal DiskMonth { get; }

    /// <summary>Where they come from, for people.</summary>
    public string Source { get; }

    /// <summary>The number of types with a price.</summary>
    public int Count => _machines.Count;

    /// <summary>Reads the prices of one region, and no further; null if the file has none.</summary>
    public static ListPrices? Read(string region)
    {
        using var stream = typeof(ListPrices).Assembly.GetManifestResourceStream("StratusLab.Ec2.Pricing.list-prices.txt")!;
        using var reader = new StreamReader(stream);
        return Read(reader, region);
    }

    /// <inheritdoc cref="Read(string)"/>
    public static ListPrices? Read(TextReader reader, string region)
    {
        ListPrices? prices = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('@'))
            {
                if (prices is not null) return prices;
                var head = line[1..].Split(' ');
                if (head[0] == region) prices = new ListPrices(DateTimeOffset.ParseExact(head[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), Number(head[2]));
            }
            else if (prices is not null && !line.StartsWith('#'))
            {
                prices.Add(line);
            }
        }

        return prices;
    }

    /// <summary>The price of a type; null if it is not known.</summary>
    public KnownPrice? Find(string type) => _machines.TryGetValue(type, out var price) ? new KnownPrice(price, At, Source) : null;

    private void Add(string line)
    {
        var parts = line.Split(' ');
        foreach (var part in parts.AsSpan(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            _machines[$"{parts[0]}.{part[..equals]}"] = Number(part.AsSpan(equals + 1));
        }
    }

    private static decimal Number(ReadOnlySpan<char> text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
