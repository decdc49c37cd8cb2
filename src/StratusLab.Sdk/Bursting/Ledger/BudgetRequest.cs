using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What a job asks the ledger for: nodes that are there and nodes to come, reserved together or not at all.</summary>
internal sealed record BudgetRequest
{
    public required string JobId { get; init; }

    public required string NodeClass { get; init; }

    public VmMarket Market { get; init; }

    /// <summary>The most that a node to come costs for an hour.</summary>
    public required decimal PricePerHour { get; init; }

    /// <summary>Nodes to come.</summary>
    public int Fresh { get; init; }

    /// <summary>Their names, where the controller chooses them or the batch system has named them; empty where they are named later.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Nodes that are there.</summary>
    public IReadOnlyList<string> Warm { get; init; } = [];

    /// <summary>Until when they are paid for in the worst case, in UTC.</summary>
    public required DateTimeOffset Until { get; init; }
}
