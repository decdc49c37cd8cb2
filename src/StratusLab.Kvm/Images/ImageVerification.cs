using System.Collections.Concurrent;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Sees whether an image's disk is still what was verified; reads it back when that is in doubt.</summary>
internal sealed class ImageVerification(HostConnection host)
{
    private readonly SharedWork<string?> _reading = new();

    // What was read and found wrong, so that a batch of refusals does not read it again and again.
    private readonly ConcurrentDictionary<string, (ImageStamp Stamp, string Digest)> _damaged = new(StringComparer.Ordinal);

    /// <summary>
    /// One call while nothing has changed. A disk without a stamp, or with another one than now, is read back; if it is right it gets a new
    /// stamp.
    /// </summary>
    /// <returns>False if the disk is gone, or is being sent anew.</returns>
    /// <exception cref="StratusException"><c>ImageDamagedOnHost</c>.</exception>
    public async Task<bool> CheckAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await StampAsync(connection, pool, image, cancellationToken).ConfigureAwait(false) is not { } stamp) return false;
            if (image.Marks.Any(mark => mark.Stamp == stamp)) return true;
            var digest = _damaged.TryGetValue(image.Volume, out var known) && known.Stamp == stamp
                ? known.Digest
                : (await _reading.RunAsync(image.Volume, () => ReadBackAsync(connection, pool, image, cancellationToken), cancellationToken).ConfigureAwait(false)).Result;
            if (digest == image.Names.Digest) return true;

            // It may have been sent anew since it was looked for, and what was read be half of it.
            var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
            if (images.Bases.FirstOrDefault(there => there.Volume == image.Volume) is not { IsUsable: true } now) return false;
            if (digest is not null && now.Marks.All(image.Marks.Contains)) throw HostErrors.ImageDamaged(host.Definition, image.Names.Digest, digest);
            image = now;
        }
    }

    /// <summary>Whether the disk has changed to something else. Where that is in doubt it is read.</summary>
    public async Task<bool> IsDamagedAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(connection, pool, image, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (StratusException e) when (e.ErrorId == HostErrors.ImageDamagedId)
        {
            return true;
        }
    }

    /// <summary>Reads the disk whole, whatever its stamp says.</summary>
    public async Task<HostImageCheck> ReadAsync(
        VolumePool pool, ImageBase image, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var content = await VolumeContent.OpenAsync(host, pool.VolumeOf(image.Volume), cancellationToken).ConfigureAwait(false);
        await using var lease = content.ConfigureAwait(false);
        using var hashing = new HashingStream(content);
        var buffer = new byte[1 << 18];
        while (await hashing.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            progress?.Report(new TransferProgress(host.Definition.Name, image.Names.Digest, new ByteSize(hashing.Position), new ByteSize(content.Length)));
        return new HostImageCheck(host.Definition.Name, image.Names.Digest, hashing.Digest(), new ByteSize(hashing.Position));
    }

    /// <summary>What the disk is like now; null if it is gone.</summary>
    public static async Task<ImageStamp?> StampAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        try
        {
            return VolumeXml.Stamp(await connection.Volumes.GetXmlAsync(pool.VolumeOf(image.Volume), cancellationToken).ConfigureAwait(false));
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            return null;
        }
    }

    /// <summary>The digest of what is there; null if it is gone.</summary>
    private async Task<string?> ReadBackAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        while (true)
        {
            // What was read is what the stamp tells of only if the stamp did not change meanwhile.
            if (await StampAsync(connection, pool, image, cancellationToken).ConfigureAwait(false) is not { } stamp) return null;
            var read = await TryReadAsync(pool, image, cancellationToken).ConfigureAwait(false);
            if (read is null || await StampAsync(connection, pool, image, cancellationToken).ConfigureAwait(false) != stamp) continue;
            if (read.IsIntact) await RenewAsync(connection, pool, image, stamp, cancellationToken).ConfigureAwait(false);
            else _damaged[image.Volume] = (stamp, read.FoundDigest);
            return read.FoundDigest;
        }
    }

    private async Task<HostImageCheck?> TryReadAsync(VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(pool, image, null, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (e.ErrorId == HostErrors.VolumeNotFoundId)
        {
            return null;
        }
    }

    private static async Task RenewAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, ImageStamp stamp, CancellationToken cancellationToken)
    {
        var mark = image.Names.Mark(stamp);
        await ImageRetirement.MakeNoteAsync(connection, pool, mark, cancellationToken).ConfigureAwait(false);
        foreach (var old in image.Marks.Where(old => old.Volume != mark)) await VolumeRemoval.DeleteAsync(connection, pool.Ref, old.Volume, cancellationToken).ConfigureAwait(false);
    }
}
