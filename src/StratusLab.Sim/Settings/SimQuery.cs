using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>The query of a <c>sim://</c> URI, read parameter by parameter so that an unknown one is noticed.</summary>
internal sealed class SimQuery
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public static SimQuery Parse(string query)
    {
        var result = new SimQuery();
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (pair, string.Empty);
            if (!result._values.TryAdd(name, value)) throw Wrong(name, "is given twice");
        }

        return result;
    }

    public bool Has(string name) => Text(name) is not null;

    public string? Text(string name)
    {
        _known.Add(name);
        return _values.GetValueOrDefault(name);
    }

    public int Count(string name, int fallback, int minimum)
    {
        if (Text(name) is not { } text) return fallback;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= minimum
            ? count
            : throw Wrong(name, $"is '{text}', not a whole number of {minimum} or more");
    }

    public ByteSize Size(string name, ByteSize fallback)
    {
        if (Text(name) is not { } text) return fallback;
        return ByteSize.TryParse(text, null, out var size) ? size : throw Wrong(name, $"is '{text}', not a size such as 256GB");
    }

    public TimeSpan Duration(string name, TimeSpan fallback)
    {
        if (Text(name) is not { } text) return fallback;
        var digits = text.TrimEnd("hms".ToCharArray());
        var unit = text[digits.Length..] switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        return unit > 0 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? TimeSpan.FromMilliseconds((double)count * unit)
            : throw Wrong(name, $"is '{text}', not a duration such as 50ms, 2s, 1m or 1h");
    }

    /// <summary>A number above 0; null if it is not given.</summary>
    public decimal? Number(string name, decimal maximum)
    {
        if (Text(name) is not { } text) return null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= maximum
            ? number
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"is '{text}', not a number above 0 and up to {maximum}"));
    }

    public bool Flag(string name, string word)
    {
        if (Text(name) is not { } text) return false;
        return string.Equals(text, word, StringComparison.OrdinalIgnoreCase) ? true : throw Wrong(name, $"is '{text}'; it can only be '{word}', or be left out");
    }

    public IReadOnlyList<string> List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public SimPrices? Prices()
    {
        var (price, spot) = (Number("price", 1000), Number("spot", 1));
        int? capacity = Has("capacity") ? Count("capacity", 0, minimum: 0) : null;
        if (price is { } cpu) return new SimPrices(cpu, spot, capacity);
        if (spot is not null) throw Wrong("spot", "needs a price: give price=0.05 as well");
        return capacity is null ? null : throw Wrong("capacity", "needs a price: give price=0.05 as well");
    }

    public ProviderCapabilities Capabilities(string name, SimPrices? prices)
    {
        var capabilities = SimProvider.AllCapabilities;
        if (prices is not null) capabilities |= SimProvider.PricedCapabilities;
        if (prices?.SpotFactor is not null) capabilities |= ProviderCapabilities.Spot;
        foreach (var word in List(name))
        {
            capabilities &= ~(word.ToUpperInvariant() switch
            {
                "SUSPEND" => ProviderCapabilities.Suspend,
                "IMAGES" => ProviderCapabilities.Images | ProviderCapabilities.ImageReadback,
                "CONSOLE" => ProviderCapabilities.Console | ProviderCapabilities.ConsoleLog,
                "AGENT" => ProviderCapabilities.GuestAgent,
                "ADDRESSES" => ProviderCapabilities.AddressDiagnosis,
                "UEFI" => ProviderCapabilities.Uefi,
                _ => throw Wrong(name, $"holds '{word}', not one of suspend, images, console, agent, addresses, uefi"),
            });
        }

        return capabilities;
    }

    public void RefuseUnknown()
    {
        if (_values.Keys.FirstOrDefault(key => !_known.Contains(key)) is { } unknown)
            throw Wrong(unknown, $"is not known; known are {string.Join(", ", _known)}");
    }

    private static InvalidInputException Wrong(string name, string what) =>
        new("InvalidHostUri", $"The parameter '{name}' of the simulated host's URI {what}.", name);
}
