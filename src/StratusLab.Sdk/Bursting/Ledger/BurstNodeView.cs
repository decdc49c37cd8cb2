namespace StratusLab.Sdk;

/// <summary>A node of the ledger as the policy sees it.</summary>
internal static class BurstNodeView
{
    public static BurstNode Of(BurstNodeRecord node) => new()
    {
        Name = node.Name,
        NodeClass = node.NodeClass,
        Market = node.Market,
        PricePerHour = node.PricePerHour,
        Phase = PhaseOf(node.State),
        LaunchedAt = node.LaunchedAt ?? node.WantedAt,
        IdleSince = node.IdleSince,
        JobId = node.JobId,
        CommittedUntil = node.CommittedUntil,
    };

    private static BurstNodePhase PhaseOf(BurstNodeState state) => state switch
    {
        BurstNodeState.Planned or BurstNodeState.Reserved or BurstNodeState.Launching or BurstNodeState.Pending or BurstNodeState.Booting
            or BurstNodeState.CapacityFailed or BurstNodeState.QuotaFailed => BurstNodePhase.Booting,
        BurstNodeState.Registered or BurstNodeState.Idle => BurstNodePhase.Idle,
        BurstNodeState.Active => BurstNodePhase.Active,
        _ => BurstNodePhase.Draining,
    };
}
