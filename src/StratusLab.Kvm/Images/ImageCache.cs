using System.Globalization;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Keeps the images of a pool within the host's limit: what was used least recently goes first, and nothing that is in use.</summary>
internal static class ImageCache
{
    /// <summary>Makes room for an image whose volume was claimed, so that two who send at once see each other, and that is still to be sent.</summary>
    /// <exception cref="StratusException"><c>ImageCacheFull</c>; nothing is removed in vain.</exception>
    public static async Task MakeRoomAsync(HostDefinition host, LibvirtConnection connection, VolumePool pool, ImageDescriptor image, CancellationToken cancellationToken)
    {
        if (host.ImageCacheLimit is not { } limit) return;
        var all = await ImageCatalogue.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        if (await ExcessAsync(connection, pool, image, limit, all, cancellationToken).ConfigureAwait(false) <= 0) return;

        // Now it matters what came into the pool behind libvirt's back.
        await ImageUses.RefreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false);
        var tried = new HashSet<string>(StringComparer.Ordinal) { image.DiskDigest };
        while (true)
        {
            all = await ImageCatalogue.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
            var excess = await ExcessAsync(connection, pool, image, limit, all, cancellationToken).ConfigureAwait(false);
            if (excess <= 0) return;
            var idle = all.Where(there => there is { UseCount: 0, IsUnderWay: false } && !tried.Contains(there.Names.Digest)).ToList();
            if (idle.Sum(there => there.Length.Bytes) < excess) throw Full(host, image, limit, all);
            var oldest = idle.MinBy(there => there.LastUsedAt ?? there.PlacedAt ?? DateTimeOffset.MinValue)!;
            tried.Add(oldest.Names.Digest);
            await ImageRetirement.RemoveAsync(connection, pool, oldest.Names, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>By how many bytes the limit is passed, or the image does not fit into the pool.</summary>
    private static async Task<long> ExcessAsync(
        LibvirtConnection connection, VolumePool pool, ImageDescriptor image, ByteSize limit, IReadOnlyList<CataloguedImage> all, CancellationToken cancellationToken)
    {
        var info = await connection.Pools.GetInfoAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        return Math.Max(all.Sum(there => there.Length.Bytes) - limit.Bytes, image.DiskLength - (long)info.Available);
    }

    private static StratusException Full(HostDefinition host, ImageDescriptor image, ByteSize limit, IReadOnlyList<CataloguedImage> all)
    {
        var used = all.Where(there => there.UseCount > 0).ToList();
        return HostErrors.ImageCacheFull(host, image, string.Create(
            CultureInfo.InvariantCulture, $"{limit} at most, of which {new ByteSize(used.Sum(there => there.Length.Bytes))} are {used.Count} images that VMs use"));
    }
}
