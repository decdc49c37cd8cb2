using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>An overlay holds its image: while there is one, and the image was in use when it was made, nobody removes the image.</summary>
internal static class ImageLease
{
    /// <summary>Whether the image may still be built on, by the host's disk, not its memory.</summary>
    public static async Task<bool> HoldsAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Volumes.GetInfoAsync(pool.VolumeOf(image.Marks[0].Volume), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            // Perhaps it was only verified again, and has another mark now.
            var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
            return images.Bases.Any(there => there.Volume == image.Volume && there.IsUsable);
        }
    }
}
