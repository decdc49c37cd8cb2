namespace StratusLab.Core;

/// <summary>
/// A batch system through which the machines behind its nodes hear that they are still wanted. A machine that heard nothing for its
/// whole lease and runs no job shuts itself down, whatever became of the site that started it.
/// </summary>
public interface IBatchNodeLeases
{
    /// <summary>Lets the machines behind these nodes go on until then. Nodes are told together: a thousand cost about as much as one.</summary>
    /// <param name="nodes">Names of nodes; none is no work.</param>
    /// <param name="until">When the lease ends, by the clock of the machines; kept to the second.</param>
    /// <param name="cancellationToken">Stops the work; some nodes may have been told.</param>
    /// <exception cref="StratusException"><c>NodeNotFound</c>: one of them is none, and others may have been told; <c>BatchSystemRefused</c>.</exception>
    Task RenewLeasesAsync(IReadOnlyList<string> nodes, DateTimeOffset until, CancellationToken cancellationToken = default);
}
