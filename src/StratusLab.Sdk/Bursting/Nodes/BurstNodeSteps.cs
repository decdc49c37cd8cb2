namespace StratusLab.Sdk;

/// <summary>Moves a node by the table, and keeps what it went through until the ledger has written it.</summary>
internal static class BurstNodeSteps
{
    /// <summary>The node in its next state.</summary>
    /// <exception cref="InvalidOperationException">The table does not allow it.</exception>
    public static BurstNodeRecord Move(
        this BurstNodeRecord node, BurstNodeState to, BurstNodeCause cause, DateTimeOffset now, List<BurstTransition> steps, string? detail = null)
    {
        if (!BurstTransitions.Allows(node.State, to, cause))
            throw new InvalidOperationException($"A burst node does not go from {node.State} to {to} because of {cause}.");
        steps.Add(new BurstTransition(node.Name, node.Generation, node.State, to, cause, detail, now));
        var moved = node with { State = to, Cause = cause, Detail = detail, ChangedAt = now };
        return moved.HasEnded ? moved with { EndedAt = node.EndedAt ?? now, JobId = null, IdleSince = null } : moved;
    }

    /// <summary>Writes down that a life begins.</summary>
    public static BurstNodeRecord Begin(this BurstNodeRecord node, List<BurstTransition> steps)
    {
        if (!BurstTransitions.Allows(null, node.State, node.Cause))
            throw new InvalidOperationException($"A burst node does not begin as {node.State} because of {node.Cause}.");
        steps.Add(new BurstTransition(node.Name, node.Generation, null, node.State, node.Cause, node.Detail, node.ChangedAt));
        return node;
    }
}
