using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Calls about snapshots of domains.</summary>
public sealed class LibvirtSnapshots
{
    private readonly RpcConnection _rpc;

    internal LibvirtSnapshots(RpcConnection rpc) => _rpc = rpc;

    /// <summary>Lists a domain's snapshots (<c>virDomainListAllSnapshots</c>); no flag means all.</summary>
    public Task<IReadOnlyList<DomainSnapshotRef>> ListAsync(DomainRef domain, SnapshotListFlags flags = SnapshotListFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainListAllSnapshots, new XdrWriter().Domain(domain).Int32(1).UInt32((uint)flags), SnapshotCodec.ReadAll, cancellationToken);

    /// <summary>Looks a snapshot up by name (<c>virDomainSnapshotLookupByName</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoDomainSnapshot"/> when there is none.</exception>
    public Task<DomainSnapshotRef> LookupByNameAsync(DomainRef domain, string name, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainSnapshotLookupByName, new XdrWriter().Domain(domain).String(name).UInt32(0), SnapshotCodec.Read, cancellationToken);

    /// <summary>Makes a snapshot (<c>virDomainSnapshotCreateXML</c>).</summary>
    public Task<DomainSnapshotRef> CreateAsync(DomainRef domain, string xml, SnapshotCreateFlags flags = SnapshotCreateFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainSnapshotCreateXml, new XdrWriter().Domain(domain).String(xml).UInt32((uint)flags), SnapshotCodec.Read, cancellationToken);

    /// <summary>Takes the domain back to a snapshot (<c>virDomainRevertToSnapshot</c>).</summary>
    public Task RevertAsync(DomainSnapshotRef snapshot, SnapshotRevertFlags flags = SnapshotRevertFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainRevertToSnapshot, new XdrWriter().Snapshot(snapshot).UInt32((uint)flags), cancellationToken);

    /// <summary>Deletes a snapshot (<c>virDomainSnapshotDelete</c>).</summary>
    public Task DeleteAsync(DomainSnapshotRef snapshot, SnapshotDeleteFlags flags = SnapshotDeleteFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainSnapshotDelete, new XdrWriter().Snapshot(snapshot).UInt32((uint)flags), cancellationToken);

    /// <summary>Gets a snapshot's XML (<c>virDomainSnapshotGetXMLDesc</c>).</summary>
    public Task<string> GetXmlAsync(DomainSnapshotRef snapshot, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainSnapshotGetXmlDesc, new XdrWriter().Snapshot(snapshot).UInt32(0), Replies.String, cancellationToken);
}
