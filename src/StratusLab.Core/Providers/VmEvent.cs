namespace StratusLab.Core;

/// <summary>Something that happened to a VM.</summary>
/// <param name="Id">The VM; default for <see cref="VmEventKind.Lost"/>.</param>
/// <param name="Kind">What happened.</param>
/// <param name="State">The state it is in now.</param>
/// <param name="At">When it was noticed, in UTC.</param>
public sealed record VmEvent(VmId Id, VmEventKind Kind, VmState State, DateTimeOffset At)
{
    /// <summary>The VM's name where the host tells it.</summary>
    public string? Name { get; init; }
}
