using System.Globalization;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Brings one image's disk to a host, verifies it on the way, and marks it as complete.</summary>
internal sealed class ImageTransfer(HostConnection host, VolumePool pool, ImageNames names, ImageContent image)
{
    // Base volumes are never written again. A daemon that is not root must still be able to fill them.
    private const string SystemMode = "0444";
    private const string SessionMode = "0644";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private string Volume => names.Base(image.Descriptor.Format);

    /// <summary>Makes the empty volume.</summary>
    /// <returns>False if it is there already: another process is sending it, or was.</returns>
    public async Task<bool> TryClaimAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            // As plain bytes whatever the format: the file is to be byte for byte what was published.
            var xml = VolumeXml.Raw(Volume, image.Descriptor.DiskLength, host.Uri.IsSession ? SessionMode : SystemMode);
            await connection.Volumes.CreateAsync(pool.Ref, xml, cancellationToken: cancellationToken).ConfigureAwait(false);

            // Marks of a volume that somebody removed by hand would speak for this one.
            var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
            foreach (var mark in images.MarksOf(names)) await VolumeRemoval.DeleteAsync(connection, pool.Ref, mark, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.StorageVolExist)
        {
            return false;
        }
        catch (LibvirtServerException e) when (e.Message.Contains("already exists", StringComparison.Ordinal))
        {
            // The file is there but the pool has not seen it yet.
            await ImageUses.RefreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Fills the volume that was claimed. If that fails or is cancelled the volume is removed.</summary>
    /// <returns>False if somebody has taken it away meanwhile, who took this sender for dead or removed the image.</returns>
    public async Task<bool> RunAsync(LibvirtConnection connection, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await ImageCache.MakeRoomAsync(host.Definition, connection, pool, image.Descriptor, cancellationToken).ConfigureAwait(false);
            await RequireRoomAsync(connection, cancellationToken).ConfigureAwait(false);
            await FillAsync(progress, cancellationToken).ConfigureAwait(false);
            return await MarkAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStorageVol)
        {
            return false;
        }
        catch (Exception e)
        {
            var free = await GiveUpAsync().ConfigureAwait(false);
            if (e is LibvirtServerException refused && refused.IsOutOfSpace()) throw Full(free, refused);
            throw;
        }
    }

    private async Task<bool> MarkAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        if (images.Bases.FirstOrDefault(there => there.Names == names && there.Volume == Volume) is not { IsRetired: false } mine) return false;
        if (await ImageVerification.StampAsync(connection, pool, mine, cancellationToken).ConfigureAwait(false) is not { } stamp) return false;
        if (stamp.Length != (ulong)image.Descriptor.DiskLength) throw Corrupt(string.Create(CultureInfo.InvariantCulture, $"the volume has {stamp.Length} bytes"));
        await ImageRetirement.MakeNoteAsync(connection, pool, names.Mark(stamp), cancellationToken).ConfigureAwait(false);

        // Somebody may have taken over just then.
        images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        if (images.Bases.Any(there => there.Names == names && there.IsUsable)) return true;
        await VolumeRemoval.DeleteAsync(connection, pool.Ref, names.Mark(stamp), cancellationToken).ConfigureAwait(false);
        return false;
    }

    private async Task FillAsync(IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        string? problem = null;
        if (host.Uri.Transport == LibvirtTransport.Ssh && await image.FindOriginAsync(cancellationToken).ConfigureAwait(false) is { } origin)
        {
            problem = await new ImageFetch(host, pool, Volume, image.Descriptor).TryAsync(origin, progress, cancellationToken).ConfigureAwait(false);
            if (problem is null) return;
        }

        try
        {
            await UploadAsync(progress, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (problem is not null && e.Kind == StratusErrorKind.NotFound)
        {
            throw new StratusException(e.ErrorId, e.Kind, $"{e.Message} Nor could host '{host.Definition.Name}' fetch it by itself: {problem}.", e) { Resource = e.Resource, IsTransient = e.IsTransient };
        }
    }

    private async Task UploadAsync(IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        // A connection of its own, so that other calls do not queue behind gigabytes.
        var connection = await host.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var source = await image.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                using var hashing = new HashingStream(source);
                var options = new VolumeTransferOptions { Sparse = true, Progress = progress is null ? null : new Forward(this, progress) };
                await connection.Volumes.UploadAsync(pool.VolumeOf(Volume), hashing, options, cancellationToken).ConfigureAwait(false);
                Verify(hashing);
            }
        }
    }

    private void Verify(HashingStream sent)
    {
        var digest = sent.Digest();
        if (digest == names.Digest && sent.Position == image.Descriptor.DiskLength) return;
        throw Corrupt(string.Create(CultureInfo.InvariantCulture, $"read {sent.Position} bytes with {digest}"));
    }

    private StratusException Corrupt(string found) => new(
        "ImageCorrupt",
        StratusErrorKind.Failed,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The disk of image '{image.Descriptor}' is not what was published: expected {image.Descriptor.DiskLength} bytes with {names.Digest}, {found}. Nothing was kept on host '{host.Definition.Name}'. Publish the image again.")) { Resource = image.Descriptor.ToString() };

    private async Task RequireRoomAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var need = (ulong)Math.Max(0, image.Descriptor.DiskLength);

        // A raw disk may be mostly holes; what it takes is not known before it is read.
        if (image.Descriptor.Format == DiskFormat.Raw) return;
        var info = await connection.Pools.GetInfoAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        if (info.Available >= need) return;

        // The host last counted when the pool was refreshed.
        await ImageUses.RefreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false);
        info = await connection.Pools.GetInfoAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        if (info.Available < need) throw Full(new ByteSize((long)info.Available), null);
    }

    private StratusException Full(ByteSize free, LibvirtServerException? cause) =>
        HostErrors.PoolFull(host.Definition, string.Create(CultureInfo.InvariantCulture, $"the disk of image '{image.Descriptor}' ({new ByteSize(image.Descriptor.DiskLength)})"), free, cause);

    /// <summary>Removes the half-made volume, on a new connection if the old one is gone; tells what the pool has left then.</summary>
    private async Task<ByteSize> GiveUpAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await host.CallAsync(RemoveAsync, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            // The host is gone. The next to ask for this image finds the volume without its mark and replaces it.
            return ByteSize.Zero;
        }

        async Task<ByteSize> RemoveAsync(LibvirtConnection connection)
        {
            var before = await connection.Pools.GetInfoAsync(pool.Ref, patience.Token).ConfigureAwait(false);
            var images = await PoolImages.ReadAsync(connection, pool, patience.Token).ConfigureAwait(false);

            // What is complete was sent by another, after somebody had taken this one's volume away.
            if (images.Bases.FirstOrDefault(there => there.Volume == Volume) is not { Marks.Count: 0 } mine) return new ByteSize((long)before.Available);
            try
            {
                await ImageRetirement.RemoveAsync(connection, pool, mine, patience.Token).ConfigureAwait(false);
            }
            catch (LibvirtServerException e) when (e.IsOutOfSpace())
            {
                // Not even the note can be made.
                await VolumeRemoval.DeleteAsync(connection, pool.Ref, Volume, patience.Token).ConfigureAwait(false);
            }

            return new ByteSize((long)before.Available);
        }
    }

    private sealed class Forward(ImageTransfer transfer, IProgress<TransferProgress> progress) : IProgress<long>
    {
        public void Report(long value) =>
            progress.Report(new TransferProgress(transfer.Host, transfer.Name, new ByteSize(value), new ByteSize(transfer.Total)));
    }

    private string Host => host.Definition.Name;

    private string Name => image.Descriptor.ToString();

    private long Total => image.Descriptor.DiskLength;
}
