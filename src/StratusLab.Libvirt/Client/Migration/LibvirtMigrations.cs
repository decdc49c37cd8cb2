using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Calls about moving domains to other hosts, and about domains' jobs. This connection is the source's.</summary>
public sealed partial class LibvirtMigrations
{
    private readonly RpcConnection _rpc;

    internal LibvirtMigrations(RpcConnection rpc) => _rpc = rpc;

    /// <summary>Lets the source's server move a domain by itself (<c>virDomainMigrateToURI3</c>): it must be able to reach the destination's server.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="destination">URI of the destination's server as the source's server reaches it.</param>
    /// <param name="flags">How to migrate; <see cref="MigrationFlags.PeerToPeer"/> is implied.</param>
    /// <param name="parameters">Further settings, named in <see cref="MigrationParameters"/>.</param>
    /// <param name="cancellationToken">Abandons the call; <see cref="AbortJobAsync"/> ends the migration.</param>
    public Task MigrateToUriAsync(
        DomainRef domain,
        string destination,
        MigrationFlags flags,
        IReadOnlyCollection<TypedParameter>? parameters = null,
        CancellationToken cancellationToken = default) =>
        PerformAsync(domain, destination, parameters ?? [], [], flags | MigrationFlags.PeerToPeer, cancellationToken);

    /// <summary>Gets the progress of a domain's job (<c>virDomainGetJobStats</c>).</summary>
    public Task<DomainJobStatistics> GetJobStatisticsAsync(
        DomainRef domain, DomainJobStatisticsFlags flags = DomainJobStatisticsFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainGetJobStats, new XdrWriter().Domain(domain).UInt32((uint)flags), MigrationCodec.ReadJob, cancellationToken);

    /// <summary>Ends a domain's job, such as its migration; the domain stays where it was (<c>virDomainAbortJob</c>).</summary>
    public Task AbortJobAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainAbortJob, new XdrWriter().Domain(domain), cancellationToken);

    /// <summary>Limits a migration under way (<c>virDomainMigrateSetMaxSpeed</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="bandwidth">The limit in MiB per second.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task SetMaximumSpeedAsync(DomainRef domain, ulong bandwidth, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainMigrateSetMaxSpeed, new XdrWriter().Domain(domain).UInt64(bandwidth).UInt32(0), cancellationToken);

    /// <summary>Sets how long the guest may stand still at the end of a live migration (<c>virDomainMigrateSetMaxDowntime</c>).</summary>
    public Task SetMaximumDowntimeAsync(DomainRef domain, TimeSpan downtime, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(downtime, TimeSpan.Zero);
        return _rpc.QueryAsync(RemoteProcedure.DomainMigrateSetMaxDowntime, new XdrWriter().Domain(domain).UInt64((ulong)downtime.TotalMilliseconds).UInt32(0), cancellationToken);
    }

    private Task<byte[]> PerformAsync(
        DomainRef domain, string? destination, IReadOnlyCollection<TypedParameter> parameters, byte[] cookie, MigrationFlags flags, CancellationToken cancellationToken)
    {
        var arguments = new XdrWriter().Domain(domain).OptionalString(destination).Migration(parameters).Cookie(cookie).UInt32((uint)flags);
        return _rpc.CommandAsync(RemoteProcedure.DomainMigratePerform3Params, arguments, MigrationCodec.ReadCookie, cancellationToken);
    }
}
