using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>Stands for a batch system that nobody has named: a burst can end without it, and do nothing else.</summary>
internal sealed class AbsentBatchSystem : IBatchSystem
{
    private AbsentBatchSystem()
    {
    }

    public static AbsentBatchSystem Instance { get; } = new();

    public Task<string> DescribeAsync(CancellationToken cancellationToken = default) => throw Absent();

    public Task<BatchSnapshot> ReadAsync(CancellationToken cancellationToken = default) => throw Absent();

    public Task AllowAsync(string jobId, IReadOnlyList<string> partitions, CancellationToken cancellationToken = default) => throw Absent();

    public Task ChangeNodeAsync(string node, BatchNodeChange change, CancellationToken cancellationToken = default) => throw Absent();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static HostConnectionException Absent() => new("BatchSystemUnreachable", "No batch system is named.", RequestState.NotSent);
}
