using StratusLab.Libvirt.Rpc;

namespace StratusLab.Libvirt;

/// <summary>The content of a volume on its way from the server. Disposing before the end aborts the download.</summary>
public sealed class VolumeDownloadStream : LibvirtStream
{
    private bool _finished;

    internal VolumeDownloadStream(RpcStream rpc)
        : base(rpc)
    {
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Reads on; holes read as zeros. Returns 0 only after the server has confirmed that all went well.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = _finished ? 0 : await ReadDataAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0 && !buffer.IsEmpty)
            await FinishAsync(cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Writes all to <paramref name="destination"/>; holes become holes of a destination that can seek, zeros of another.</summary>
    internal async Task<long> WriteToAsync(Stream destination, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var zeros = destination.CanSeek ? null : new byte[65_536];
        var total = 0L;
        while (await Rpc.ReadAsync(cancellationToken).ConfigureAwait(false) is { } segment)
        {
            if (segment.Data is { } data)
            {
                try
                {
                    await destination.WriteAsync(data.AsMemory(0, (int)segment.Length), cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    System.Buffers.ArrayPool<byte>.Shared.Return(data);
                }
            }
            else if (zeros is null)
            {
                destination.Seek(segment.Length, SeekOrigin.Current);
                if (destination.Position > destination.Length)
                    destination.SetLength(destination.Position);
            }
            else
            {
                for (var left = segment.Length; left > 0; left -= zeros.Length)
                    await destination.WriteAsync(zeros.AsMemory(0, (int)Math.Min(left, zeros.Length)), cancellationToken).ConfigureAwait(false);
            }

            total += segment.Length;
            progress?.Report(total);
        }

        await FinishAsync(cancellationToken).ConfigureAwait(false);
        return total;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_finished)
            Rpc.Abort();
        base.Dispose(disposing);
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_finished)
            return;
        await Rpc.FinishAsync(cancellationToken).ConfigureAwait(false);
        _finished = true;
    }
}
