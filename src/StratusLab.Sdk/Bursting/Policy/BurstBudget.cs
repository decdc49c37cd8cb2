namespace StratusLab.Sdk;

/// <summary>The money of one day, from midnight to midnight in UTC, and what later days already owe.</summary>
public sealed record BurstBudget
{
    private const double MillisecondsPerHour = 3_600_000;

    /// <summary>What may be spent in a day.</summary>
    public required decimal DailyCap { get; init; }

    /// <summary>When the day began, midnight in UTC.</summary>
    public required DateTimeOffset DayStart { get; init; }

    /// <summary>What was spent since then.</summary>
    public decimal Spent { get; init; }

    /// <summary>What is reserved in the worst case for what runs and was promised: for the rest of the day first, then for each day after it.</summary>
    public IReadOnlyList<decimal> Reserved { get; init; } = [];

    /// <summary>When the day ends, in UTC.</summary>
    public DateTimeOffset DayEnd => DayStart.AddDays(1);

    /// <summary>Spent and reserved of this day.</summary>
    public decimal Committed => Spent + (Reserved.Count > 0 ? Reserved[0] : 0);

    /// <summary>What of this day is neither spent nor reserved.</summary>
    public decimal Available => DailyCap - Committed;

    /// <summary>The budget at a moment: every node is reserved until the end of its commitment, split at midnight.</summary>
    /// <param name="dailyCap">What may be spent in a day.</param>
    /// <param name="now">The moment, in UTC.</param>
    /// <param name="spent">What was spent since the last midnight, what nodes cost until now among it.</param>
    /// <param name="nodes">Nodes that are paid for.</param>
    /// <param name="grants">What was promised.</param>
    public static BurstBudget At(decimal dailyCap, DateTimeOffset now, decimal spent, IReadOnlyList<BurstNode> nodes, IReadOnlyList<BurstGrant> grants)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(grants);
        var dayStart = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var reserved = new List<double>();
        foreach (var node in nodes) Spread(reserved, dayStart, now, node.CommittedUntil, (double)node.PricePerHour);
        foreach (var grant in grants) Spread(reserved, dayStart, now, grant.CommittedUntil, (double)grant.PricePerHour * grant.NodesToCome);
        return new BurstBudget { DailyCap = dailyCap, DayStart = dayStart, Spent = spent, Reserved = [.. reserved.Select(r => (decimal)r)] };
    }

    /// <summary>Adds what something costs from a moment to another to the days that it falls into.</summary>
    internal static void Spread(List<double> days, DateTimeOffset dayStart, DateTimeOffset from, DateTimeOffset until, double pricePerHour)
    {
        var start = (from - dayStart).TotalMilliseconds;
        var end = (until - dayStart).TotalMilliseconds;
        const double Day = 24 * MillisecondsPerHour;
        while (start < end)
        {
            var day = (int)(start / Day);
            var stop = Math.Min(end, (day + 1) * Day);
            while (days.Count <= day) days.Add(0);
            days[day] += pricePerHour * (stop - start) / MillisecondsPerHour;
            start = stop;
        }
    }
}
