namespace StratusLab.Core;

/// <summary>
/// A batch system whose demand a site can meet with VMs. An instance is safe for concurrent use. Failures are <see cref="StratusException"/>s;
/// a batch system that does not answer is a <see cref="HostConnectionException"/>, and nothing is decided on what it said before.
/// </summary>
public interface IBatchSystem : IAsyncDisposable
{
    /// <summary>Name and version, such as <c>Slurm 22.05.8</c>.</summary>
    Task<string> DescribeAsync(CancellationToken cancellationToken = default);

    /// <summary>What waits, what runs, and on what.</summary>
    Task<BatchSnapshot> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Lets a waiting job run in these partitions, the ones before first.</summary>
    /// <exception cref="StratusException">
    /// <c>JobNotFound</c>: it has ended or was cancelled; <c>JobStateInvalid</c>: it waits no longer; <c>BatchSystemRefused</c>: with the batch system's own words.
    /// </exception>
    Task AllowAsync(string jobId, IReadOnlyList<string> partitions, CancellationToken cancellationToken = default);

    /// <summary>Tells what is known of a node, or what to do with it.</summary>
    /// <exception cref="StratusException"><c>NodeNotFound</c>; <c>BatchSystemRefused</c>: with the batch system's own words.</exception>
    Task ChangeNodeAsync(string node, BatchNodeChange change, CancellationToken cancellationToken = default);
}
