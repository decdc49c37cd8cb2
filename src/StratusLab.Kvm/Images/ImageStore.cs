using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The images in a host's pool: each disk once, under its digest, never used before it is complete and verified, nor after it has changed.</summary>
/// <remarks>
/// Creating the base volume is the lock between processes, and an empty volume beside it is the mark that it is complete: libvirt has
/// no volume that can be renamed. A base volume without a mark that no longer grows belongs to a process that died; another takes over
/// with volumes of the next generation, made before the old ones are removed, so that a sender that was only slow can neither spoil nor finish them.
/// </remarks>
internal sealed class ImageStore(HostConnection host, ImageVerification verification)
{
    private readonly SharedWork<HostImage> _sending = new();

    /// <summary>How often one looks whether another process has finished.</summary>
    internal TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without growth another process's upload is taken for dead.</summary>
    internal TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(20);

    public async Task<HostImage> EnsureAsync(ImageContent image, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var names = ImageNames.Of(image.Descriptor.DiskDigest);
        var (result, isMine) = await _sending.RunAsync(
            names.Digest,
            () => host.CallAsync(connection => EnsureOnceAsync(connection, image, names, progress, cancellationToken), cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return isMine ? result : result with { WasSent = false };
    }

    public async IAsyncEnumerable<HostImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var images = await host.CallAsync(ReadAllAsync, cancellationToken).ConfigureAwait(false);
        foreach (var image in images)
        {
            yield return new HostImage(host.Definition.Name, image.Names.Digest, image.Length, WasSent: false)
            {
                UseCount = image.UseCount,
                LastUsedAt = image.LastUsedAt,
                IsUsable = image.IsUsable,
            };
        }

        async Task<IEnumerable<CataloguedImage>> ReadAllAsync(LibvirtConnection connection)
        {
            var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
            var all = await ImageCatalogue.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
            return all.Where(image => image.IsUsable || !image.IsUnderWay);
        }
    }

    public async Task<HostImageCheck> VerifyAsync(string diskDigest, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var (pool, image) = await FindAsync(diskDigest, cancellationToken).ConfigureAwait(false);
        return await verification.ReadAsync(pool, image, progress, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Stream> OpenAsync(string diskDigest, CancellationToken cancellationToken)
    {
        var (pool, image) = await FindAsync(diskDigest, cancellationToken).ConfigureAwait(false);
        return await VolumeContent.OpenAsync(host, pool.VolumeOf(image.Volume), cancellationToken).ConfigureAwait(false);
    }

    public Task RemoveAsync(string diskDigest, CancellationToken cancellationToken)
    {
        var names = ImageNames.Of(diskDigest);
        return host.CallAsync(connection => ImageRemoval.RemoveAsync(host, verification, connection, names, cancellationToken), cancellationToken);
    }

    private Task<(VolumePool Pool, ImageBase Image)> FindAsync(string diskDigest, CancellationToken cancellationToken)
    {
        var names = ImageNames.Of(diskDigest);
        return host.CallAsync(
            async connection =>
            {
                var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
                var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
                return images.Usable(names) is { } image ? (pool, image) : throw HostErrors.ImageNotOnHost(host.Definition, diskDigest);
            },
            cancellationToken);
    }

    private async Task<HostImage> EnsureOnceAsync(
        LibvirtConnection connection, ImageContent image, ImageNames names, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
        var format = image.Descriptor.Format;
        while (true)
        {
            var newest = (await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false)).Newest(names, format);
            if (newest is { IsUsable: true })
            {
                if (await verification.CheckAsync(connection, pool, newest, cancellationToken).ConfigureAwait(false)) return Found(names, image, wasSent: false);

                // Somebody has removed the file by hand, which the host has not seen yet.
                await ImageUses.RefreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (newest is { IsRetired: false } && !await IsSenderDeadAsync(connection, pool, newest, cancellationToken).ConfigureAwait(false)) continue;
            var transfer = new ImageTransfer(host, pool, newest?.Names.Next() ?? names, image);
            if (!await transfer.TryClaimAsync(connection, cancellationToken).ConfigureAwait(false)) continue;
            if (newest is { IsRetired: false }) await ImageRetirement.RetireAsync(connection, pool, newest, cancellationToken).ConfigureAwait(false);
            if (newest is not null) await ImageRetirement.SweepAsync(connection, pool, cancellationToken).ConfigureAwait(false);
            if (await transfer.RunAsync(connection, progress, cancellationToken).ConfigureAwait(false)) return Found(names, image, wasSent: true);
        }
    }

    private HostImage Found(ImageNames names, ImageContent image, bool wasSent) =>
        new(host.Definition.Name, names.Digest, new ByteSize(image.Descriptor.DiskLength), wasSent);

    /// <summary>Waits for whoever is sending the disk.</summary>
    /// <returns>Whether nobody sends it any more; false if it is complete now, or gone.</returns>
    private async Task<bool> IsSenderDeadAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        (ulong, ImageStamp)? last = null;
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < StallLimit)
        {
            var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
            if (images.Bases.FirstOrDefault(there => there.Volume == image.Volume) is not { IsUsable: false, IsRetired: false }) return false;
            if (await LifeAsync(connection, pool, image, cancellationToken).ConfigureAwait(false) is not { } life)
            {
                await ImageUses.RefreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false);
                return false;
            }

            if (life != last) since = TimeProvider.System.GetTimestamp();
            last = life;
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>What changes while somebody writes; null if the volume is gone.</summary>
    private static async Task<(ulong Allocation, ImageStamp Stamp)?> LifeAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        try
        {
            var info = await connection.Volumes.GetInfoAsync(pool.VolumeOf(image.Volume), cancellationToken).ConfigureAwait(false);
            return await ImageVerification.StampAsync(connection, pool, image, cancellationToken).ConfigureAwait(false) is { } stamp ? (info.Allocation, stamp) : null;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            return null;
        }
    }
}
