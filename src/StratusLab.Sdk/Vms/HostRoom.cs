namespace StratusLab.Sdk;

/// <summary>What a host had when a plan was made, so that a later look at the journal can tell whether that still holds.</summary>
/// <param name="Cpu">Virtual CPUs that were free.</param>
/// <param name="Memory">Bytes of memory that were free.</param>
/// <param name="IsElastic">Whether the two have no end.</param>
/// <param name="IsPriced">Whether its VMs cost money.</param>
/// <param name="Use">What counted against the limits of the host.</param>
/// <param name="Mark">The newest journal entry that the plan knew.</param>
internal sealed record HostRoom(int Cpu, long Memory, bool IsElastic, bool IsPriced, HostUse Use, long Mark)
{
    /// <summary>Older entries whose processes had ended, and which the plan did not count: somebody may carry them through.</summary>
    public IReadOnlyList<long> Abandoned { get; init; } = [];
}
