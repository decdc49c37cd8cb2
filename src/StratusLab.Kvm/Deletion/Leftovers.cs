using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Removes the volumes of a VM whose domain is gone, in whichever pool they are.</summary>
internal static class Leftovers
{
    public static async Task RemoveAsync(LibvirtConnection connection, VmNames names, CancellationToken cancellationToken)
    {
        var pools = await connection.Pools.ListAsync(StoragePoolListFlags.Active, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(pools.Select(pool => VolumeRemoval.RemoveAsync(connection, pool, names, cancellationToken))).ConfigureAwait(false);
    }
}
