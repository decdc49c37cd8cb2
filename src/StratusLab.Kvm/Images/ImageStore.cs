using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The images in a host's pool: each disk once, under its digest, never used before it is complete and verified.</summary>
/// <remarks>
/// Creating the base volume is the lock between processes, and an empty volume beside it is the mark that it is complete: libvirt has
/// no volume that can be renamed. A base volume without a mark that no longer grows belongs to a process that died; another takes over
/// with volumes of the next generation, made before the old ones are removed, so that a sender that was only slow can neither spoil nor finish them.
/// </remarks>
internal sealed class ImageStore(HostConnection host)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<HostImage>>> _underWay = new(StringComparer.Ordinal);

    /// <summary>How often one looks whether another process has finished.</summary>
    internal TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without growth another process's upload is taken for dead.</summary>
    internal TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(20);

    public async Task<HostImage> EnsureAsync(ImageContent image, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var names = ImageNames.Of(image.Descriptor.DiskDigest);
        while (true)
        {
            var isMine = false;
            var work = _underWay.GetOrAdd(names.Mark, _ => new Lazy<Task<HostImage>>(() =>
            {
                isMine = true;
                return host.CallAsync(connection => EnsureOnceAsync(connection, image, names, progress, cancellationToken), cancellationToken);
            })).Value;
            try
            {
                var result = await work.WaitAsync(cancellationToken).ConfigureAwait(false);
                return isMine ? result : result with { WasSent = false };
            }
            catch (OperationCanceledException) when (!isMine && !cancellationToken.IsCancellationRequested)
            {
                // Whoever was sending it gave up; then it is this caller's turn.
            }
            finally
            {
                if (isMine) _underWay.TryRemove(names.Mark, out _);
            }

            // The other caller's entry is on its way out.
            await Task.Yield();
        }
    }

    public async IAsyncEnumerable<HostImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var images = await host.CallAsync(connection => ReadAllAsync(connection, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var image in images) yield return image;
    }

    public Task RemoveAsync(string diskDigest, CancellationToken cancellationToken)
    {
        var names = ImageNames.Of(diskDigest);
        return host.CallAsync(connection => ImageRemoval.RemoveAsync(host, connection, names, cancellationToken), cancellationToken);
    }

    private async Task<HostImage> EnsureOnceAsync(
        LibvirtConnection connection, ImageContent image, ImageNames names, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
        var format = image.Descriptor.Format;
        while (true)
        {
            var newest = await NewestAsync(connection, pool, names, format, cancellationToken).ConfigureAwait(false);
            var outcome = newest is { } other ? await WaitAsync(connection, pool, other, format, cancellationToken).ConfigureAwait(false) : Sending.Nobody;
            if (outcome == Sending.Complete) return Found(names, image, wasSent: false);
            if (outcome == Sending.Ended) continue;
            var mine = newest?.Next() ?? names;
            var upload = new ImageUpload(host, pool, mine, image);
            if (!await upload.TryClaimAsync(connection, cancellationToken).ConfigureAwait(false)) continue;
            if (newest is { } dead) await VolumeRemoval.DeleteAsync(connection, pool.Ref, dead.Base(format), cancellationToken).ConfigureAwait(false);
            await upload.SendAsync(connection, progress, cancellationToken).ConfigureAwait(false);

            // Otherwise another took this one for dead, and is sending it.
            if (await IsCompleteAsync(connection, pool, mine, format, cancellationToken).ConfigureAwait(false)) return Found(names, image, wasSent: true);
        }
    }

    private HostImage Found(ImageNames names, ImageContent image, bool wasSent) =>
        new(host.Definition.Name, names.Digest, new ByteSize(image.Descriptor.DiskLength), wasSent);

    /// <summary>The newest generation of the disk that the host has, complete or not.</summary>
    private static async Task<ImageNames?> NewestAsync(LibvirtConnection connection, VolumePool pool, ImageNames names, DiskFormat format, CancellationToken cancellationToken)
    {
        var volumes = await connection.Volumes.ListAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        var there = volumes.Where(v => ImageNames.FromBase(v.Name) is { } found && found.Digest == names.Digest && found.Base(format) == v.Name);
        return there.Select(v => ImageNames.FromBase(v.Name)).MaxBy(found => found!.Value.Generation);
    }

    /// <summary>Whether the disk is there and verified. A mark whose disk somebody removed is removed too.</summary>
    private static async Task<bool> IsCompleteAsync(LibvirtConnection connection, VolumePool pool, ImageNames names, DiskFormat format, CancellationToken cancellationToken)
    {
        var mark = AllocationAsync(connection, pool.VolumeOf(names.Mark), cancellationToken);
        var size = await AllocationAsync(connection, pool.VolumeOf(names.Base(format)), cancellationToken).ConfigureAwait(false);
        if (await mark.ConfigureAwait(false) is null) return false;
        if (size is null) await VolumeRemoval.DeleteAsync(connection, pool.Ref, names.Mark, cancellationToken).ConfigureAwait(false);
        return size is not null;
    }

    /// <summary>Waits for whoever is sending the disk.</summary>
    private async Task<Sending> WaitAsync(LibvirtConnection connection, VolumePool pool, ImageNames names, DiskFormat format, CancellationToken cancellationToken)
    {
        ulong? last = null;
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < StallLimit)
        {
            if (await IsCompleteAsync(connection, pool, names, format, cancellationToken).ConfigureAwait(false)) return Sending.Complete;
            var size = await AllocationAsync(connection, pool.VolumeOf(names.Base(format)), cancellationToken).ConfigureAwait(false);
            if (size is null) return Sending.Ended;
            if (size != last) since = TimeProvider.System.GetTimestamp();
            last = size;
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }

        return Sending.Nobody;
    }

    private static async Task<ulong?> AllocationAsync(LibvirtConnection connection, StorageVolumeRef volume, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.Volumes.GetInfoAsync(volume, cancellationToken).ConfigureAwait(false)).Allocation;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<HostImage>> ReadAllAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
        var volumes = await connection.Volumes.ListAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        var there = volumes.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var images = volumes.Select(v => ImageNames.FromMark(v.Name)).OfType<ImageNames>();
        var read = await Task.WhenAll(images.Select(ReadAsync)).ConfigureAwait(false);
        return [.. read.OfType<HostImage>().DistinctBy(image => image.DiskDigest)];

        async Task<HostImage?> ReadAsync(ImageNames names)
        {
            DiskFormat? format = there.Contains(names.Base(DiskFormat.Qcow2)) ? DiskFormat.Qcow2 : there.Contains(names.Base(DiskFormat.Raw)) ? DiskFormat.Raw : null;
            return format is { } known && await AllocationAsync(connection, pool.VolumeOf(names.Base(known)), cancellationToken).ConfigureAwait(false) is { } size
                ? new HostImage(host.Definition.Name, names.Digest, new ByteSize((long)size), WasSent: false)
                : null;
        }
    }

    /// <summary>What becomes of a disk that is not complete yet.</summary>
    private enum Sending
    {
        /// <summary>Nobody sends it, or nobody any more.</summary>
        Nobody,

        /// <summary>Its sender has removed it.</summary>
        Ended,

        /// <summary>It is there.</summary>
        Complete,
    }
}
