namespace StratusLab.Core;

/// <summary>All that waits and runs in a batch system at one moment.</summary>
/// <param name="At">When it was read, in UTC, by the clock of this machine.</param>
/// <param name="Jobs">Jobs that wait or run; none that ended.</param>
/// <param name="Nodes">Nodes, cloud nodes that are off among them.</param>
public sealed record BatchSnapshot(DateTimeOffset At, IReadOnlyList<BatchJob> Jobs, IReadOnlyList<BatchNode> Nodes);
