using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The storage pool in which a host keeps images and disks.</summary>
/// <param name="Ref">The pool at the host.</param>
/// <param name="Path">Its folder on the host.</param>
internal sealed record VolumePool(StoragePoolRef Ref, string Path)
{
    private static readonly string[] FileTypes = ["dir", "fs", "netfs"];

    /// <summary>Looks the pool up.</summary>
    /// <exception cref="StratusException"><c>PoolNotFound</c>, <c>PoolInactive</c> or <c>PoolNotSupported</c>.</exception>
    public static async Task<VolumePool> FindAsync(HostConnection host, LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var name = host.Definition.Pool;
        StoragePoolRef pool;
        try
        {
            pool = await connection.Pools.LookupByNameAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStoragePool)
        {
            var known = await connection.Pools.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            throw HostErrors.PoolNotFound(host.Definition, known.Select(p => p.Name), e);
        }

        var info = connection.Pools.GetInfoAsync(pool, cancellationToken);
        var (type, path) = PoolXml.Read(await connection.Pools.GetXmlAsync(pool, cancellationToken).ConfigureAwait(false));
        if ((await info.ConfigureAwait(false)).State != StoragePoolState.Running) throw HostErrors.PoolInactive(host.Definition);
        return path is not null && FileTypes.Contains(type, StringComparer.Ordinal)
            ? new VolumePool(pool, path)
            : throw HostErrors.PoolNotSupported(host.Definition, type);
    }

    /// <summary>The path that a volume has, or would have, on the host.</summary>
    public string PathOf(string volume) => $"{Path.TrimEnd('/')}/{volume}";

    /// <summary>The volume by its name, without asking the host whether it is there.</summary>
    public StorageVolumeRef VolumeOf(string volume) => new(Ref.Name, volume, PathOf(volume));
}
