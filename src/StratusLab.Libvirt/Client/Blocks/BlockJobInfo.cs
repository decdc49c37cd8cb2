namespace StratusLab.Libvirt;

/// <summary>How far a block job is (<c>virDomainBlockJobInfo</c>). It is complete, or ready to pivot, when <see cref="Current"/> equals <see cref="End"/>.</summary>
/// <param name="Type">The kind of job.</param>
/// <param name="Bandwidth">Its limit in bytes per second, 0 for none.</param>
/// <param name="Current">How much is done, in a unit of the job's own.</param>
/// <param name="End">How much there is to do, in the same unit.</param>
public readonly record struct BlockJobInfo(BlockJobType Type, ulong Bandwidth, ulong Current, ulong End);
