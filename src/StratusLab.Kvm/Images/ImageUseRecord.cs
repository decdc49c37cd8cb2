using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>When VMs were last made from a disk: kept on the host, by the host's clock, for all sites that use it.</summary>
internal static class ImageUseRecord
{
    // Fleets that are launched batch after batch need not write each time.
    private static readonly TimeSpan Granularity = TimeSpan.FromMinutes(2);

    /// <summary>Notes that VMs are made from the disk now. That it could not be noted is no failure.</summary>
    public static async Task TouchAsync(LibvirtConnection connection, VolumePool pool, PoolImages images, ImageNames names, CancellationToken cancellationToken)
    {
        try
        {
            if (images.HasUseRecord(names))
            {
                // A clock that is apart from the host's only makes it be made anew more often.
                if (await ReadAsync(connection, pool, names, cancellationToken).ConfigureAwait(false) is { } last && (DateTimeOffset.UtcNow - last).Duration() < Granularity) return;
                await VolumeRemoval.DeleteAsync(connection, pool.Ref, names.UseRecord, cancellationToken).ConfigureAwait(false);
            }

            await connection.Volumes.CreateAsync(pool.Ref, VolumeXml.Raw(names.UseRecord, 0, "0444"), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException)
        {
            // Another has just made or removed it, or the pool is full: then creation tells.
        }
    }

    /// <summary>When that was; null for never.</summary>
    public static async Task<DateTimeOffset?> ReadAsync(LibvirtConnection connection, VolumePool pool, ImageNames names, CancellationToken cancellationToken)
    {
        try
        {
            return VolumeXml.Stamp(await connection.Volumes.GetXmlAsync(pool.VolumeOf(names.UseRecord), cancellationToken).ConfigureAwait(false)).ModifiedAt;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            return null;
        }
    }
}
