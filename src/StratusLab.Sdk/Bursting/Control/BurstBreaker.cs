namespace StratusLab.Sdk;

/// <summary>Keeps a class whose nodes fail again and again from being launched but for one node at a time, until one comes up.</summary>
internal static class BurstBreaker
{
    public static bool IsOpen(LedgerState state, string nodeClass) => state.Failures.GetValueOrDefault(nodeClass) >= state.Definition.Policy.BreakerFailures;

    /// <summary>Whether the one node is under way.</summary>
    public static bool HasCanary(LedgerState state, string nodeClass) => state.Nodes.Any(n =>
        n.NodeClass == nodeClass && n.State is BurstNodeState.Launching or BurstNodeState.Pending or BurstNodeState.Booting or BurstNodeState.BootTimedOut);

    /// <summary>Those of the nodes that wait for their launch that may be launched now.</summary>
    public static IReadOnlyList<BurstNodeRecord> Choose(LedgerState state) =>
        [.. state.Nodes.Where(n => n.State is BurstNodeState.Reserved)
            .GroupBy(n => n.NodeClass, StringComparer.Ordinal)
            .SelectMany(g => !IsOpen(state, g.Key) ? g : HasCanary(state, g.Key) ? [] : g.OrderBy(n => n.WantedAt).Take(1))];
}
