using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Calls about storage pools.</summary>
public sealed class LibvirtStoragePools
{
    private readonly RpcConnection _rpc;

    internal LibvirtStoragePools(RpcConnection rpc) => _rpc = rpc;

    /// <summary>Lists pools (<c>virConnectListAllStoragePools</c>); no flag means all.</summary>
    public Task<IReadOnlyList<StoragePoolRef>> ListAsync(StoragePoolListFlags flags = StoragePoolListFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.ConnectListAllStoragePools, new XdrWriter().Int32(1).UInt32((uint)flags), StorageCodec.ReadPools, cancellationToken);

    /// <summary>Looks a pool up by name (<c>virStoragePoolLookupByName</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoStoragePool"/> when there is none.</exception>
    public Task<StoragePoolRef> LookupByNameAsync(string name, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StoragePoolLookupByName, new XdrWriter().String(name), StorageCodec.ReadPool, cancellationToken);

    /// <summary>Looks a pool up by its identity (<c>virStoragePoolLookupByUUID</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoStoragePool"/> when there is none.</exception>
    public Task<StoragePoolRef> LookupByUuidAsync(Guid uuid, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StoragePoolLookupByUuid, new XdrWriter().Uuid(uuid), StorageCodec.ReadPool, cancellationToken);

    /// <summary>Defines a persistent pool (<c>virStoragePoolDefineXML</c>).</summary>
    public Task<StoragePoolRef> DefineAsync(string xml, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolDefineXml, new XdrWriter(xml.Length + 16).String(xml).UInt32(0), StorageCodec.ReadPool, cancellationToken);

    /// <summary>Starts a transient pool (<c>virStoragePoolCreateXML</c>).</summary>
    public Task<StoragePoolRef> CreateTransientAsync(string xml, StoragePoolStartFlags flags = StoragePoolStartFlags.Normal, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolCreateXml, new XdrWriter(xml.Length + 16).String(xml).UInt32((uint)flags), StorageCodec.ReadPool, cancellationToken);

    /// <summary>Makes the storage of a defined pool, such as its folder (<c>virStoragePoolBuild</c>).</summary>
    public Task BuildAsync(StoragePoolRef pool, StoragePoolBuildFlags flags = StoragePoolBuildFlags.New, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolBuild, new XdrWriter().Pool(pool).UInt32((uint)flags), cancellationToken);

    /// <summary>Starts a defined pool (<c>virStoragePoolCreate</c>).</summary>
    public Task StartAsync(StoragePoolRef pool, StoragePoolStartFlags flags = StoragePoolStartFlags.Normal, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolCreate, new XdrWriter().Pool(pool).UInt32((uint)flags), cancellationToken);

    /// <summary>Looks again what is in a pool (<c>virStoragePoolRefresh</c>).</summary>
    public Task RefreshAsync(StoragePoolRef pool, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolRefresh, new XdrWriter().Pool(pool).UInt32(0), cancellationToken);

    /// <summary>Gets state and sizes (<c>virStoragePoolGetInfo</c>).</summary>
    public Task<StoragePoolInfo> GetInfoAsync(StoragePoolRef pool, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StoragePoolGetInfo, new XdrWriter().Pool(pool), StorageCodec.ReadPoolInfo, cancellationToken);

    /// <summary>Gets the pool's XML (<c>virStoragePoolGetXMLDesc</c>).</summary>
    public Task<string> GetXmlAsync(StoragePoolRef pool, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StoragePoolGetXmlDesc, new XdrWriter().Pool(pool).UInt32(0), Replies.String, cancellationToken);

    /// <summary>Sets whether the pool starts with the host (<c>virStoragePoolSetAutostart</c>).</summary>
    public Task SetAutostartAsync(StoragePoolRef pool, bool autostart, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolSetAutostart, new XdrWriter().Pool(pool).Truth(autostart), cancellationToken);

    /// <summary>Stops a pool; its data stays (<c>virStoragePoolDestroy</c>).</summary>
    public Task StopAsync(StoragePoolRef pool, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolDestroy, new XdrWriter().Pool(pool), cancellationToken);

    /// <summary>Deletes the storage of a stopped pool; a folder must be empty (<c>virStoragePoolDelete</c>).</summary>
    public Task DeleteAsync(StoragePoolRef pool, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolDelete, new XdrWriter().Pool(pool).UInt32(0), cancellationToken);

    /// <summary>Removes the definition of a stopped pool; its data stays (<c>virStoragePoolUndefine</c>).</summary>
    public Task UndefineAsync(StoragePoolRef pool, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StoragePoolUndefine, new XdrWriter().Pool(pool), cancellationToken);
}
