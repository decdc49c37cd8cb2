using System.Buffers;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

public sealed partial class LibvirtStorageVolumes
{
    private const int HoleGranularity = 65_536;

    private const uint SparseStream = 1;

    /// <summary>Opens a volume for writing over the wire (<c>virStorageVolUpload</c>).</summary>
    public async Task<VolumeUploadStream> OpenUploadAsync(StorageVolumeRef volume, VolumeTransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        var sparse = options?.Sparse ?? false;
        return new VolumeUploadStream(await _openUpload(RemoteProcedure.StorageVolUpload, Arguments(volume, options), cancellationToken).ConfigureAwait(false), sparse);
    }

    /// <summary>Opens a volume for reading over the wire (<c>virStorageVolDownload</c>).</summary>
    public async Task<VolumeDownloadStream> OpenDownloadAsync(StorageVolumeRef volume, VolumeTransferOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await _openDownload(RemoteProcedure.StorageVolDownload, Arguments(volume, options), cancellationToken).ConfigureAwait(false));

    /// <summary>Writes a stream into a volume: reads ahead one packet, never more than two packets in memory. Cancelling or failing aborts the upload.</summary>
    /// <returns>How many bytes were sent, holes included.</returns>
    /// <exception cref="LibvirtServerException">The server refused or could not write, for example on a full disk.</exception>
    public async Task<long> UploadAsync(StorageVolumeRef volume, Stream source, VolumeTransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var upload = await OpenUploadAsync(volume, options, cancellationToken).ConfigureAwait(false);
        await using (upload.ConfigureAwait(false))
        {
            var sent = await SendAllAsync(upload, source, options ?? new VolumeTransferOptions(), cancellationToken).ConfigureAwait(false);
            await upload.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return sent;
        }
    }

    /// <summary>Writes a volume into a stream. Holes of a sparse download stay holes in a destination that can seek, which must be empty.</summary>
    /// <returns>How many bytes were received, holes included.</returns>
    public async Task<long> DownloadAsync(StorageVolumeRef volume, Stream destination, VolumeTransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var download = await OpenDownloadAsync(volume, options, cancellationToken).ConfigureAwait(false);
        await using (download.ConfigureAwait(false))
            return await download.WriteToAsync(destination, options?.Progress, cancellationToken).ConfigureAwait(false);
    }

    private static XdrWriter Arguments(StorageVolumeRef volume, VolumeTransferOptions? options)
    {
        options ??= new VolumeTransferOptions();
        return new XdrWriter().Volume(volume).UInt64(options.Offset).UInt64(options.Length).UInt32(options.Sparse ? SparseStream : 0);
    }

    private static async Task<long> SendAllAsync(VolumeUploadStream upload, Stream source, VolumeTransferOptions options, CancellationToken cancellationToken)
    {
        // A multiple of the granularity below the largest packet, so that zeros are found in whole blocks.
        const int ChunkSize = ProtocolLimits.StreamPacketMax / HoleGranularity * HoleGranularity;
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        var sent = 0L;
        var hole = 0L;
        var sending = Task.CompletedTask;
        try
        {
            while (true)
            {
                var count = await source.ReadAtLeastAsync(chunk.AsMemory(0, ChunkSize), ChunkSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                await sending.ConfigureAwait(false);
                options.Progress?.Report(sent);
                if (count == 0)
                    break;
                sent += count;
                if (options.Sparse && !chunk.AsSpan(0, count).ContainsAnyExcept((byte)0))
                {
                    hole += count;
                    continue;
                }

                if (hole > 0)
                    await upload.WriteHoleAsync(hole, cancellationToken).ConfigureAwait(false);
                hole = 0;

                // The packet has its own copy when this returns, so the next chunk is read while it is being sent.
                sending = upload.WriteAsync(chunk.AsMemory(0, count), cancellationToken).AsTask();
            }

            if (hole > 0)
                await upload.WriteHoleAsync(hole, cancellationToken).ConfigureAwait(false);
            return sent;
        }
        finally
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
