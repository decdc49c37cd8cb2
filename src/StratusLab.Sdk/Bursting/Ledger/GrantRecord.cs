using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A job that was let onto burst nodes, as the ledger keeps it.</summary>
internal sealed record GrantRecord
{
    public required string JobId { get; init; }

    public required string NodeClass { get; init; }

    public VmMarket Market { get; init; }

    /// <summary>Its nodes that are not in the ledger yet: the batch system names them later.</summary>
    public int NodesToCome { get; init; }

    public decimal PricePerHour { get; init; }

    public required DateTimeOffset CommittedUntil { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    public BurstGrant ToGrant() => new(JobId, NodesToCome, PricePerHour, CommittedUntil);
}
