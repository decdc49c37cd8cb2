namespace StratusLab.Sdk;

/// <summary>What the journal knew of creations under way before the hosts were asked.</summary>
/// <param name="Open">Those whose processes live.</param>
/// <param name="Abandoned">Those that nobody alive answers for.</param>
/// <param name="At">When the journal was read, in UTC.</param>
/// <param name="Mark">The newest entry then.</param>
internal sealed record KnownCreations(IReadOnlyList<JournalEntry> Open, IReadOnlyList<JournalEntry> Abandoned, DateTimeOffset At, long Mark)
{
    /// <summary>Those on a host that are not among the requests whose VMs it lists.</summary>
    public (List<JournalEntry> Open, List<JournalEntry> Abandoned) On(string host, HashSet<Guid?> there)
    {
        return (Missing(Open), Missing(Abandoned));

        List<JournalEntry> Missing(IReadOnlyList<JournalEntry> entries) =>
            [.. entries.Where(e => string.Equals(e.Host, host, StringComparison.OrdinalIgnoreCase) && !there.Contains(e.RequestId))];
    }
}
