using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>
/// Calls about domains, that is, virtual machines. Each fails with a <see cref="LibvirtException"/> and can be cancelled by itself:
/// cancelling abandons the call here, what the server has begun goes on.
/// </summary>
public sealed partial class LibvirtDomains
{
    private readonly RpcConnection _rpc;
    private readonly StreamOpener _openStream;

    internal LibvirtDomains(RpcConnection rpc, StreamOpener openStream) => (_rpc, _openStream) = (rpc, openStream);

    /// <summary>Lists domains in one call (<c>virConnectListAllDomains</c>), at most 16,384.</summary>
    /// <param name="flags">Which ones; none means all.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task<IReadOnlyList<DomainRef>> ListAsync(DomainListFlags flags = DomainListFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.ConnectListAllDomains, new XdrWriter().Int32(1).UInt32((uint)flags), DomainCodec.ReadAll, cancellationToken);

    /// <summary>
    /// Gets statistics of many domains in one call (<c>virConnectGetAllDomainStats</c>). Without
    /// <see cref="DomainStatisticsFlags.NoWait"/> the server waits for domains that are busy.
    /// </summary>
    /// <param name="groups">What to tell; none means all that the server has.</param>
    /// <param name="flags">Of which domains, and how.</param>
    /// <param name="domains">The domains asked for; <see langword="null"/> or none means all.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task<IReadOnlyList<DomainStatistics>> GetStatisticsAsync(
        DomainStatisticsGroups groups = DomainStatisticsGroups.None,
        DomainStatisticsFlags flags = DomainStatisticsFlags.None,
        IReadOnlyCollection<DomainRef>? domains = null,
        CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter()
            .List(domains ?? [], ProtocolLimits.DomainListMax, static (w, d) => w.Domain(d))
            .UInt32((uint)groups)
            .UInt32((uint)flags);
        return _rpc.CommandAsync(RemoteProcedure.ConnectGetAllDomainStats, arguments, DomainCodec.ReadStatistics, cancellationToken);
    }

    /// <summary>Looks a domain up by name (<c>virDomainLookupByName</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoDomain"/> when there is none.</exception>
    public Task<DomainRef> LookupByNameAsync(string name, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainLookupByName, new XdrWriter().String(name), DomainCodec.Read, cancellationToken);

    /// <summary>Looks a domain up by its identity (<c>virDomainLookupByUUID</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoDomain"/> when there is none.</exception>
    public Task<DomainRef> LookupByUuidAsync(Guid uuid, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainLookupByUuid, new XdrWriter().Uuid(uuid), DomainCodec.Read, cancellationToken);

    /// <summary>Whether the domain has a stored definition (<c>virDomainIsPersistent</c>); a transient one is gone when it stops.</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoDomain"/> when there is none.</exception>
    public Task<bool> IsPersistentAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainIsPersistent, new XdrWriter().Domain(domain), Replies.Truth, cancellationToken);

    /// <summary>Gets state and reason (<c>virDomainGetState</c>).</summary>
    public Task<DomainStatus> GetStateAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainGetState, new XdrWriter().Domain(domain).UInt32(0), DomainCodec.ReadStatus, cancellationToken);

    /// <summary>Gets state, size and CPU time (<c>virDomainGetInfo</c>).</summary>
    public Task<DomainInfo> GetInfoAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainGetInfo, new XdrWriter().Domain(domain), DomainCodec.ReadInfo, cancellationToken);

    /// <summary>Gets the domain's XML (<c>virDomainGetXMLDesc</c>).</summary>
    public Task<string> GetXmlAsync(DomainRef domain, DomainXmlFlags flags = DomainXmlFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainGetXmlDesc, new XdrWriter().Domain(domain).UInt32((uint)flags), Replies.String, cancellationToken);
}
