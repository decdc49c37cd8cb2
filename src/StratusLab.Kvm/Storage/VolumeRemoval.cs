using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Removes volumes by name. That one is already gone is a success.</summary>
internal static class VolumeRemoval
{
    /// <summary>The permissions with which a console log is made. The log daemon makes its files with others, which tells that it has rotated the log.</summary>
    public const string ConsoleLogMode = "0640";

    private static readonly TimeSpan BusyPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Removes all volumes of one attempt at a VM from a pool.</summary>
    public static async Task RemoveAsync(LibvirtConnection connection, StoragePoolRef pool, VolumeNames names, CancellationToken cancellationToken)
    {
        var rotated = await IsLogRotatedAsync(connection, pool, names, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(names.All.Select(volume => DeleteAsync(connection, pool, volume, cancellationToken))).ConfigureAwait(false);
        if (!rotated) return;
        await ImageUses.RefreshAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        foreach (var volume in await connection.Volumes.ListAsync(pool, cancellationToken).ConfigureAwait(false))
        {
            if (names.Owns(volume.Name)) await DeleteAsync(connection, pool, volume.Name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes one volume.</summary>
    /// <returns>Whether it was there.</returns>
    public static async Task<bool> DeleteAsync(LibvirtConnection connection, StoragePoolRef pool, string name, CancellationToken cancellationToken)
    {
        for (var since = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                // The server finds a volume by pool and name; the key is not looked at.
                await connection.Volumes.DeleteAsync(new StorageVolumeRef(pool.Name, name, name), cancellationToken: cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
            {
                return false;
            }
            catch (LibvirtServerException e) when (IsBusy(e) && TimeProvider.System.GetElapsedTime(since) < BusyPatience)
            {
                // The host is still making it, for a caller that is gone by now.
                await Task.Delay(BusyPoll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsBusy(LibvirtServerException error) =>
        error.Code == LibvirtErrorCode.OperationInvalid
        && (error.Message.Contains("still being allocated", StringComparison.Ordinal) || error.Message.Contains("still in use", StringComparison.Ordinal));

    private static async Task<bool> IsLogRotatedAsync(LibvirtConnection connection, StoragePoolRef pool, VolumeNames names, CancellationToken cancellationToken)
    {
        try
        {
            var xml = await connection.Volumes.GetXmlAsync(new StorageVolumeRef(pool.Name, names.ConsoleLog, names.ConsoleLog), cancellationToken).ConfigureAwait(false);
            return VolumeXml.Mode(xml) != ConsoleLogMode;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            return false;
        }
    }
}
