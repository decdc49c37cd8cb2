namespace StratusLab.Sdk;

/// <summary>What a host had free when a plan was made, so that a later look at the journal can tell whether that still holds.</summary>
/// <param name="Cpu">Virtual CPUs.</param>
/// <param name="Memory">Bytes of memory.</param>
/// <param name="Mark">The newest journal entry that the plan knew.</param>
internal sealed record HostRoom(int Cpu, long Memory, long Mark);
