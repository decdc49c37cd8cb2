namespace StratusLab.Sdk;

/// <summary>Tells nodes that they are still looked after. A node that does not hear it in time ends by itself.</summary>
public interface IBurstNodeLeases
{
    /// <summary>Renews the leases of nodes, by the batch system's names.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="until">Until when they may go on, in UTC.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task RenewAsync(IReadOnlyList<string> nodes, DateTimeOffset until, CancellationToken cancellationToken = default);
}
