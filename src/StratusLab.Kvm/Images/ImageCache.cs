using System.Globalization;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Keeps the images of a pool within the host's limit: what was used least recently goes first, and nothing that is in use.</summary>
internal static class ImageCache
{
    /// <summary>Makes room for an image whose volume was claimed, so that two who send at once see each other, and that is still to be sent.</summary>
    /// <exception cref="StratusException"><c>ImageCacheFull</c>; then nothing was removed.</exception>
    public static async Task MakeRoomAsync(HostDefinition host, LibvirtConnection connection, VolumePool pool, ImageDescriptor image, CancellationToken cancellationToken)
    {
        if (host.ImageCacheLimit is not { } limit) return;
        var names = ImageNames.Of(image.DiskDigest);
        var all = await ImageCatalogue.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        var pools = await connection.Pools.GetInfoAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        var excess = Math.Max(all.Sum(there => there.Length.Bytes) - limit.Bytes, image.DiskLength - (long)pools.Available);
        if (excess <= 0) return;

        var going = new List<CataloguedImage>();
        var idle = all.Where(there => there is { UseCount: 0, IsUnderWay: false } && there.Names.Digest != names.Digest);
        foreach (var candidate in idle.OrderBy(there => there.LastUsedAt ?? there.PlacedAt ?? DateTimeOffset.MinValue))
        {
            if (excess <= 0) break;
            going.Add(candidate);
            excess -= candidate.Length.Bytes;
        }

        if (excess > 0) throw Full(host, image, limit, all);
        foreach (var gone in going) await ImageRetirement.RemoveAsync(connection, pool, gone.Names, cancellationToken).ConfigureAwait(false);
    }

    private static StratusException Full(HostDefinition host, ImageDescriptor image, ByteSize limit, IReadOnlyList<CataloguedImage> all)
    {
        var used = all.Where(there => there.UseCount > 0).ToList();
        return HostErrors.ImageCacheFull(host, image, string.Create(
            CultureInfo.InvariantCulture, $"{limit} at most, of which {new ByteSize(used.Sum(there => there.Length.Bytes))} are {used.Count} images that VMs use"));
    }
}
