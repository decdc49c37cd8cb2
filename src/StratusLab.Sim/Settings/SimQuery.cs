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

    public bool Flag(string name, string word)
    {
        if (Text(name) is not { } text) return false;
        return string.Equals(text, word, StringComparison.OrdinalIgnoreCase) ? true : throw Wrong(name, $"is '{text}'; it can only be '{word}', or be left out");
    }

    public IReadOnlyList<string> List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public ProviderCapabilities Capabilities(string name)
    {
        var capabilities = SimProvider.AllCapabilities;
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
