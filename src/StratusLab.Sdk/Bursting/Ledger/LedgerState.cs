namespace StratusLab.Sdk;

/// <summary>What the ledger knows of a burst at one moment.</summary>
internal sealed record LedgerState
{
    public required BurstDefinition Definition { get; init; }

    public required BurstRunState State { get; init; }

    /// <summary>Why nothing is launched until somebody has looked; null if it is.</summary>
    public string? Halted { get; init; }

    /// <summary>Living nodes, and of each name that has none the last that it had.</summary>
    public required IReadOnlyList<BurstNodeRecord> Nodes { get; init; }

    public required IReadOnlyList<GrantRecord> Grants { get; init; }

    public required IReadOnlyList<CapacityBackoff> Backoffs { get; init; }

    /// <summary>Failures in a row, by class of node.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    /// <summary>What was settled of the day.</summary>
    public decimal Settled { get; init; }

    /// <summary>The day's money at a moment.</summary>
    public BurstBudget BudgetAt(DateTimeOffset now)
    {
        var dayStart = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var spent = Settled;
        foreach (var node in Nodes) spent += BurstCosts.Open(node, now).Where(c => c.Day == dayStart).Sum(c => c.Amount);
        var living = Nodes.Where(n => !n.HasEnded).Select(BurstNodeView.Of).ToList();
        return BurstBudget.At(Definition.Policy.DailyBudget ?? 0, now, spent, living, [.. Grants.Select(g => g.ToGrant())]);
    }
}
