using System.Globalization;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Reads Grid Engine's numbers: counts, memory such as <c>1.5G</c>, and times such as <c>01:00:00</c>.</summary>
internal static class Quantity
{
    /// <summary>A whole number; 0 for what is none.</summary>
    public static int Count(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= int.MaxValue ? (int)count : 0;

    /// <summary>The least of ranges such as <c>2-4</c>; 0 for what is none.</summary>
    public static int Least(string ranges) => Count(ranges.Split(',', '-')[0]);

    /// <summary>Memory: small letters are powers of 1000, capitals of 1024. Zero for what is none, or has no end.</summary>
    public static ByteSize Memory(string text)
    {
        var number = text.TrimEnd('k', 'K', 'm', 'M', 'g', 'G', 't', 'T', 'b', 'B');
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || value <= 0) return default;
        var factor = text.Length > number.Length
            ? text[number.Length] switch { 'k' => 1e3, 'K' => 1024d, 'm' => 1e6, 'M' => 1024d * 1024, 'g' => 1e9, 'G' => 1024d * 1024 * 1024, 't' => 1e12, 'T' => 1024d * 1024 * 1024 * 1024, _ => 1 }
            : 1;
        var bytes = value * factor;
        return bytes < 1L << 60 ? new ByteSize((long)bytes) : default;
    }

    /// <summary>A time in seconds or as <c>h:m:s</c>; null for none, or one without end.</summary>
    public static TimeSpan? Time(string text)
    {
        double seconds = 0;
        foreach (var part in text.Split(':'))
        {
            if (part.Length == 0) seconds *= 60;
            else if (double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) seconds = (seconds * 60) + value;
            else return null;
        }

        return text.Length > 0 && seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>A moment, written in UTC; null for what is none. Later releases write seconds or milliseconds since 1970 too.</summary>
    public static DateTimeOffset? At(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at > DateTimeOffset.UnixEpoch ? at : null;
}
