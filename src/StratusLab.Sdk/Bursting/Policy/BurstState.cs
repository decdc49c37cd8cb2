namespace StratusLab.Sdk;

/// <summary>What bursting itself knows when it decides, beside what the batch system tells.</summary>
public sealed record BurstState
{
    /// <summary>Burst nodes that are paid for or asked for.</summary>
    public IReadOnlyList<BurstNode> Nodes { get; init; } = [];

    /// <summary>Jobs that were let onto burst nodes and wait for them.</summary>
    public IReadOnlyList<BurstGrant> Grants { get; init; } = [];

    /// <summary>What can be bought.</summary>
    public IReadOnlyList<BurstOffer> Offers { get; init; } = [];

    /// <summary>The money; null for none of it being counted, which only a simulation may do.</summary>
    public BurstBudget? Budget { get; init; }
}
