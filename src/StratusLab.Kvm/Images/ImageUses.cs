using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>How many volumes of a host are overlays of each base volume, whoever made them and in whichever pool they are.</summary>
internal static class ImageUses
{
    private static readonly TimeSpan BusyPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks also for what came into the image pool behind libvirt's back, as from another host that shares its folder.</summary>
    public static async Task<IReadOnlyDictionary<ImageNames, int>> CountAfreshAsync(LibvirtConnection connection, StoragePoolRef pool, CancellationToken cancellationToken)
    {
        await RefreshAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        return await CountAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts what the host knows of.</summary>
    public static async Task<IReadOnlyDictionary<ImageNames, int>> CountAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var pools = await connection.Pools.ListAsync(StoragePoolListFlags.Active, cancellationToken).ConfigureAwait(false);
        var volumes = await Task.WhenAll(pools.Select(pool => ListAsync(connection, pool, cancellationToken))).ConfigureAwait(false);
        var backing = await Task.WhenAll(volumes.SelectMany(v => v).Where(MayBeOverlay).Select(v => BackingPathAsync(connection, v, cancellationToken))).ConfigureAwait(false);

        // By the name alone, which has the digest in it: hosts that share a pool may have mounted it in different places.
        return backing.OfType<string>().Select(path => ImageNames.FromBase(path[(path.LastIndexOf('/') + 1)..])).OfType<ImageNames>().CountBy(names => names).ToDictionary();
    }

    /// <summary>Looks again what is in a pool. While the host makes a volume in it, it refuses.</summary>
    public static async Task RefreshAsync(LibvirtConnection connection, StoragePoolRef pool, CancellationToken cancellationToken)
    {
        for (var since = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await connection.Pools.RefreshAsync(pool, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (LibvirtServerException e) when (e.Message.Contains("asynchronous jobs", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(since) < BusyPatience)
            {
                await Task.Delay(BusyPoll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool MayBeOverlay(StorageVolumeRef volume) =>
        VolumeNames.Of(volume.Name) is { } ours ? ours.Disk == volume.Name : ImageNames.FromMark(volume.Name) is null && ImageNames.FromBase(volume.Name) is null;

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

    private static async Task<string?> BackingPathAsync(LibvirtConnection connection, StorageVolumeRef volume, CancellationToken cancellationToken)
    {
        try
        {
            return VolumeXml.BackingPath(await connection.Volumes.GetXmlAsync(volume, cancellationToken).ConfigureAwait(false));
        }
        catch (LibvirtServerException)
        {
            // Removed since it was listed, not a disk, or only being made: its maker looks for the image when it is.
            return null;
        }
    }
}
