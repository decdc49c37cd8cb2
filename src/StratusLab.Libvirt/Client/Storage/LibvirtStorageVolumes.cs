using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Calls about the volumes of storage pools.</summary>
public sealed partial class LibvirtStorageVolumes
{
    private readonly RpcConnection _rpc;
    private readonly StreamOpener _openUpload;
    private readonly StreamOpener _openDownload;

    internal LibvirtStorageVolumes(RpcConnection rpc, StreamOpener openUpload, StreamOpener openDownload) =>
        (_rpc, _openUpload, _openDownload) = (rpc, openUpload, openDownload);

    /// <summary>Lists all volumes of a pool in one call (<c>virStoragePoolListAllVolumes</c>), at most 16,384.</summary>
    public Task<IReadOnlyList<StorageVolumeRef>> ListAsync(StoragePoolRef pool, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StoragePoolListAllVolumes, new XdrWriter().Pool(pool).Int32(1).UInt32(0), StorageCodec.ReadVolumes, cancellationToken);

    /// <summary>Looks a volume up by pool and name (<c>virStorageVolLookupByName</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoStorageVol"/> when there is none.</exception>
    public Task<StorageVolumeRef> LookupByNameAsync(StoragePoolRef pool, string name, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StorageVolLookupByName, new XdrWriter().Pool(pool).String(name), StorageCodec.ReadVolume, cancellationToken);

    /// <summary>Looks a volume up by its path on the host (<c>virStorageVolLookupByPath</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoStorageVol"/> when there is none.</exception>
    public Task<StorageVolumeRef> LookupByPathAsync(string path, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StorageVolLookupByPath, new XdrWriter().String(path), StorageCodec.ReadVolume, cancellationToken);

    /// <summary>Looks a volume up by its key (<c>virStorageVolLookupByKey</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoStorageVol"/> when there is none.</exception>
    public Task<StorageVolumeRef> LookupByKeyAsync(string key, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StorageVolLookupByKey, new XdrWriter().String(key), StorageCodec.ReadVolume, cancellationToken);

    /// <summary>Makes a volume (<c>virStorageVolCreateXML</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.StorageVolExist"/> when the name is taken.</exception>
    public Task<StorageVolumeRef> CreateAsync(
        StoragePoolRef pool, string xml, StorageVolumeCreateFlags flags = StorageVolumeCreateFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StorageVolCreateXml, new XdrWriter(xml.Length + 64).Pool(pool).String(xml).UInt32((uint)flags), StorageCodec.ReadVolume, cancellationToken);

    /// <summary>Makes a volume with the content of another (<c>virStorageVolCreateXMLFrom</c>). Returns when it is copied.</summary>
    public Task<StorageVolumeRef> CloneAsync(
        StoragePoolRef pool, string xml, StorageVolumeRef source, StorageVolumeCreateFlags flags = StorageVolumeCreateFlags.None, CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter(xml.Length + 128).Pool(pool).String(xml).Volume(source).UInt32((uint)flags);
        return _rpc.CommandAsync(RemoteProcedure.StorageVolCreateXmlFrom, arguments, StorageCodec.ReadVolume, cancellationToken);
    }

    /// <summary>Deletes a volume and its data (<c>virStorageVolDelete</c>).</summary>
    public Task DeleteAsync(StorageVolumeRef volume, StorageVolumeDeleteFlags flags = StorageVolumeDeleteFlags.Normal, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StorageVolDelete, new XdrWriter().Volume(volume).UInt32((uint)flags), cancellationToken);

    /// <summary>Gets kind and sizes (<c>virStorageVolGetInfo</c>).</summary>
    public Task<StorageVolumeInfo> GetInfoAsync(StorageVolumeRef volume, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StorageVolGetInfo, new XdrWriter().Volume(volume), StorageCodec.ReadVolumeInfo, cancellationToken);

    /// <summary>Gets the volume's path on the host (<c>virStorageVolGetPath</c>).</summary>
    public Task<string> GetPathAsync(StorageVolumeRef volume, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StorageVolGetPath, new XdrWriter().Volume(volume), Replies.String, cancellationToken);

    /// <summary>Gets the volume's XML (<c>virStorageVolGetXMLDesc</c>).</summary>
    public Task<string> GetXmlAsync(StorageVolumeRef volume, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.StorageVolGetXmlDesc, new XdrWriter().Volume(volume).UInt32(0), Replies.String, cancellationToken);

    /// <summary>Changes the size that a guest sees (<c>virStorageVolResize</c>), for volumes that no running domain uses.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="capacity">The new size in bytes, or the difference with <see cref="StorageVolumeResizeFlags.Delta"/>.</param>
    /// <param name="flags">How to resize.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task ResizeAsync(
        StorageVolumeRef volume, ulong capacity, StorageVolumeResizeFlags flags = StorageVolumeResizeFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.StorageVolResize, new XdrWriter().Volume(volume).UInt64(capacity).UInt32((uint)flags), cancellationToken);
}
