using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The images of a pool with what they take and how they are used, all generations of a disk together.</summary>
internal static class ImageCatalogue
{
    public static async Task<IReadOnlyList<CataloguedImage>> ReadAsync(LibvirtConnection connection, VolumePool pool, CancellationToken cancellationToken)
    {
        var uses = await ImageUses.CountAsync(connection, cancellationToken).ConfigureAwait(false);
        var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        return await Task.WhenAll(images.Bases
            .GroupBy(image => image.Names.Digest, StringComparer.Ordinal)
            .Select(generations => DescribeAsync(connection, pool, images, [.. generations], uses, cancellationToken))).ConfigureAwait(false);
    }

    private static async Task<CataloguedImage> DescribeAsync(
        LibvirtConnection connection, VolumePool pool, PoolImages images, IReadOnlyList<ImageBase> generations, IReadOnlyDictionary<ImageNames, int> uses, CancellationToken cancellationToken)
    {
        var names = ImageNames.Of(generations[0].Names.Digest);
        var lengths = Task.WhenAll(generations.Select(image => LengthAsync(connection, pool, image, cancellationToken)));
        var placed = await ImageVerification.StampAsync(connection, pool, generations.MaxBy(image => image.Names.Generation)!, cancellationToken).ConfigureAwait(false);
        var used = images.HasUseRecord(names) ? await ImageUseRecord.ReadAsync(connection, pool, names, cancellationToken).ConfigureAwait(false) : null;
        return new CataloguedImage(names, generations)
        {
            Length = new ByteSize((await lengths.ConfigureAwait(false)).Sum()),
            UseCount = generations.Sum(image => uses.GetValueOrDefault(image.Names)),
            PlacedAt = placed?.ModifiedAt,
            LastUsedAt = used,
        };
    }

    /// <summary>What a volume takes; of one that is being filled, what it will take at most.</summary>
    private static async Task<long> LengthAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        try
        {
            var info = await connection.Volumes.GetInfoAsync(pool.VolumeOf(image.Volume), cancellationToken).ConfigureAwait(false);
            return (long)(image is { IsRetired: false, Marks.Count: 0 } ? Math.Max(info.Allocation, info.Capacity) : info.Allocation);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            return 0;
        }
    }
}
