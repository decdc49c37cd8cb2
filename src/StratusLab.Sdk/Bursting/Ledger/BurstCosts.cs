namespace StratusLab.Sdk;

/// <summary>What nodes cost, by the day in UTC that it falls into.</summary>
internal static class BurstCosts
{
    /// <summary>What a node has cost until a moment and is not among what was settled.</summary>
    public static IEnumerable<(DateTimeOffset Day, decimal Amount)> Open(BurstNodeRecord node, DateTimeOffset now)
    {
        if (node.LaunchedAt is not { } launched) return [];
        return Between(node.ChargedUntil ?? launched, node.EndedAt is { } ended && ended < now ? ended : now, node.PricePerHour);
    }

    /// <summary>What a machine costs from one moment to another.</summary>
    public static IEnumerable<(DateTimeOffset Day, decimal Amount)> Between(DateTimeOffset from, DateTimeOffset until, decimal pricePerHour)
    {
        while (from < until)
        {
            var day = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero);
            var stop = day.AddDays(1) < until ? day.AddDays(1) : until;
            yield return (day, pricePerHour * (stop - from).Ticks / TimeSpan.TicksPerHour);
            from = stop;
        }
    }
}
