namespace StratusLab.Sdk;

/// <summary>What nodes cost, by the day in UTC that it falls into.</summary>
internal static class BurstCosts
{
    /// <summary>What a node has cost until a moment and is not among what was settled.</summary>
    public static IEnumerable<(DateTimeOffset Day, decimal Amount)> Open(BurstNodeRecord node, DateTimeOffset now)
    {
        if (node.LaunchedAt is not { } launched) yield break;
        var from = node.ChargedUntil ?? launched;
        var until = node.EndedAt is { } ended && ended < now ? ended : now;
        while (from < until)
        {
            var day = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero);
            var stop = day.AddDays(1) < until ? day.AddDays(1) : until;
            yield return (day, node.PricePerHour * (stop - from).Ticks / TimeSpan.TicksPerHour);
            from = stop;
        }
    }
}
