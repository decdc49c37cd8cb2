using System.Globalization;
using System.Text.Json;

namespace StratusLab.Slurm;

/// <summary>
/// Reads fields of Slurm's JSON in each shape they have had: a plain value or null (openapi v0.0.37 and v0.0.38), and an object
/// <c>{"set":true,"infinite":false,"number":4}</c> (data_parser v0.0.39 and later); a string, and a list of strings.
/// </summary>
internal static class JsonFields
{
    /// <summary>A text; empty if it is missing or null. A list of texts is joined by commas.</summary>
    public static string Text(this JsonElement record, string name)
    {
        if (!record.TryGetProperty(name, out var value)) return string.Empty;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(item => item.ToString())),
            _ => string.Empty,
        };
    }

    /// <summary>A list of texts, of a list or of a single one.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement record, string name) =>
        record.Text(name) is { Length: > 0 } text ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];

    /// <summary>A number; null if it is missing, not set or infinite.</summary>
    public static double? Number(this JsonElement record, string name) => record.TryGetProperty(name, out var value) ? Number(value) : null;

    /// <summary>A whole number that is not negative; zero if it is missing, not set or infinite.</summary>
    public static long Whole(this JsonElement record, string name) => record.Number(name) is >= 0 and <= long.MaxValue and var number ? (long)number : 0;

    /// <summary>A whole number that is not negative, as far as an <see cref="int"/> goes.</summary>
    public static int Count(this JsonElement record, string name) => (int)Math.Min(int.MaxValue, record.Whole(name));

    /// <summary>A time in seconds since 1970; null for none.</summary>
    public static DateTimeOffset? Time(this JsonElement record, string name) =>
        record.Whole(name) is > 0 and < 253_402_300_800 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>A time limit in minutes. The older shape has null for no limit.</summary>
    public static SlurmTimeLimit TimeLimit(this JsonElement record, string name)
    {
        if (!record.TryGetProperty(name, out var value)) return SlurmTimeLimit.Unset;
        if (value.ValueKind == JsonValueKind.Null) return SlurmTimeLimit.Unlimited;
        if (value.ValueKind == JsonValueKind.Object && IsTrue(value, "infinite")) return SlurmTimeLimit.Unlimited;
        return Number(value) is { } minutes ? minutes >= uint.MaxValue ? SlurmTimeLimit.Unlimited : SlurmTimeLimit.OfMinutes(minutes) : SlurmTimeLimit.Unset;
    }

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        JsonValueKind.Object when IsTrue(value, "set") && !IsTrue(value, "infinite") && value.TryGetProperty("number", out var number) => Number(number),
        _ => null,
    };

    private static bool IsTrue(JsonElement value, string name) => value.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
