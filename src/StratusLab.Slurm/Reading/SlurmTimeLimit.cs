using System.Globalization;

namespace StratusLab.Slurm;

/// <summary>A time limit as Slurm has it: unset (the partition's holds), none, or a time.</summary>
/// <param name="IsSet">Whether the job has one of its own.</param>
/// <param name="Limit">The time; null for no limit.</param>
internal readonly record struct SlurmTimeLimit(bool IsSet, TimeSpan? Limit)
{
    public static SlurmTimeLimit Unset => default;

    public static SlurmTimeLimit Unlimited => new(true, null);

    public static SlurmTimeLimit OfMinutes(double minutes) => new(true, TimeSpan.FromMinutes(minutes));

    /// <summary>Reads <c>30:00</c>, <c>1:00:00</c>, <c>2-12:00:00</c>, <c>UNLIMITED</c>, <c>NOT_SET</c>.</summary>
    public static SlurmTimeLimit Parse(string text)
    {
        if (text.Equals("UNLIMITED", StringComparison.OrdinalIgnoreCase) || text.Equals("INFINITE", StringComparison.OrdinalIgnoreCase)) return Unlimited;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var seconds = 0L;
        foreach (var part in text[(dash + 1)..].Split(':'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Unset;
            seconds = seconds * 60 + number;
        }

        if (dash <= 0) return new(true, TimeSpan.FromSeconds(seconds));
        return int.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? new(true, TimeSpan.FromDays(days) + TimeSpan.FromSeconds(seconds)) : Unset;
    }
}
