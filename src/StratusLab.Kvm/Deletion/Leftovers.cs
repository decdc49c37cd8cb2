using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The volumes of VMs that were on a host at one moment, by VM and by the attempt that made them.</summary>
/// <remarks>
/// Read it before the domain that decides about them. What is in it and belongs to another attempt than that of the domain is nobody's:
/// its maker died, or can only lose, since a domain of this UUID is there.
/// </remarks>
internal sealed class Leftovers
{
    private readonly ILookup<Guid, (StoragePoolRef Pool, VolumeNames Names)> _attempts;

    private Leftovers(IEnumerable<(StoragePoolRef Pool, VolumeNames Names)> attempts) => _attempts = attempts.Distinct().ToLookup(a => a.Names.Vm);

    /// <summary>Those of one pool.</summary>
    public static Leftovers In(StoragePoolRef pool, IEnumerable<StorageVolumeRef> volumes) => new(Select(pool, volumes));

    /// <summary>Those of all pools.</summary>
    public static async Task<Leftovers> ReadAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var pools = await connection.Pools.ListAsync(StoragePoolListFlags.Active, cancellationToken).ConfigureAwait(false);
        var volumes = await Task.WhenAll(pools.Select(async pool => Select(pool, await ListAsync(connection, pool, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return new Leftovers(volumes.SelectMany(v => v));
    }

    /// <summary>Removes what attempts at a VM have made.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="vm">The UUID of the domain.</param>
    /// <param name="except">The attempt whose volumes stay; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task RemoveAsync(LibvirtConnection connection, Guid vm, string? except, CancellationToken cancellationToken) =>
        Task.WhenAll(_attempts[vm].Where(a => a.Names.Attempt != except).Select(a => VolumeRemoval.RemoveAsync(connection, a.Pool, a.Names, cancellationToken)));

    private static IEnumerable<(StoragePoolRef Pool, VolumeNames Names)> Select(StoragePoolRef pool, IEnumerable<StorageVolumeRef> volumes) =>
        volumes.Select(v => VolumeNames.Of(v.Name)).OfType<VolumeNames>().Select(names => (pool, names));

    private static async Task<IReadOnlyList<StorageVolumeRef>> ListAsync(LibvirtConnection connection, StoragePoolRef pool, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Volumes.ListAsync(pool, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.NoStoragePool or LibvirtErrorCode.OperationInvalid)
        {
            // It was stopped or removed since it was listed.
            return [];
        }
    }
}
