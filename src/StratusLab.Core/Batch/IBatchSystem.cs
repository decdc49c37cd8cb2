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

    /// <summary>As <see cref="AllowAsync"/> for each of several jobs, which a batch system may be told of together.</summary>
    /// <param name="jobs">The partitions of each, by the jobs' ids.</param>
    /// <param name="cancellationToken">Stops the work; some jobs may have been let on.</param>
    /// <returns>Why, for each job for which it was refused.</returns>
    /// <exception cref="StratusException">The batch system did not answer; it may have let on some.</exception>
    Task<IReadOnlyDictionary<string, StratusException>> AllowJobsAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> jobs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return TellEachAsync(jobs, (job, partitions) => AllowAsync(job, partitions, cancellationToken));
    }

    /// <summary>Tells what is known of a node, or what to do with it.</summary>
    /// <exception cref="StratusException"><c>NodeNotFound</c>; <c>BatchSystemRefused</c>: with the batch system's own words.</exception>
    Task ChangeNodeAsync(string node, BatchNodeChange change, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="ChangeNodeAsync"/> for each of several nodes, which a batch system may be told of together.</summary>
    /// <param name="changes">What to tell, by the names of nodes.</param>
    /// <param name="cancellationToken">Stops the work; some nodes may have been told.</param>
    /// <returns>Why, for each node for which it was refused.</returns>
    /// <exception cref="StratusException">The batch system did not answer; it may have been told of some.</exception>
    Task<IReadOnlyDictionary<string, StratusException>> ChangeNodesAsync(IReadOnlyDictionary<string, BatchNodeChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return TellEachAsync(changes, (node, change) => ChangeNodeAsync(node, change, cancellationToken));
    }

    private static async Task<IReadOnlyDictionary<string, StratusException>> TellEachAsync<T>(IReadOnlyDictionary<string, T> all, Func<string, T, Task> tell)
    {
        var refused = new Dictionary<string, StratusException>(StringComparer.Ordinal);
        foreach (var (name, what) in all)
        {
            try
            {
                await tell(name, what).ConfigureAwait(false);
            }
            catch (StratusException e) when (e.Kind is not (StratusErrorKind.Connection or StratusErrorKind.Timeout))
            {
                refused[name] = e;
            }
        }

        return refused;
    }
}
