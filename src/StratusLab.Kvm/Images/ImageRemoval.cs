using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Removes an image's disk from a host, unless some volume is an overlay of it.</summary>
internal static class ImageRemoval
{
    public static async Task RemoveAsync(
        HostConnection host, ImageVerification verification, LibvirtConnection connection, ImageNames names, CancellationToken cancellationToken)
    {
        var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
        var uses = await ImageUses.CountAfreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false);
        var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        foreach (var image in images.Of(names).Where(image => image.IsUsable && uses.ContainsKey(image.Names)))
        {
            // What is damaged stays for the VMs that use it, out of use for all others.
            if (!await verification.IsDamagedAsync(connection, pool, image, cancellationToken).ConfigureAwait(false))
                throw HostErrors.ImageInUse(host.Definition, names.Digest, uses[image.Names]);
        }

        await ImageRetirement.RemoveAsync(connection, pool, names, cancellationToken).ConfigureAwait(false);
    }
}
