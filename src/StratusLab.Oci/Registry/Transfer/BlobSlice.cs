using System.Buffers;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace StratusLab.Oci;

/// <summary>A part of a file as the body of a request, read as it is sent.</summary>
internal sealed class BlobSlice : HttpContent
{
    private const int BufferSize = 256 << 10;

    private readonly SafeFileHandle _file;
    private readonly long _offset;
    private readonly long _length;
    private readonly StallTimer _stall;
    private readonly TransferMeter _meter;

    public BlobSlice(SafeFileHandle file, long offset, long length, StallTimer stall, TransferMeter meter)
    {
        (_file, _offset, _length, _stall, _meter) = (file, offset, length, stall, meter);
        Headers.ContentType = new("application/octet-stream");
    }

    /// <summary>Bytes handed to the connection so far.</summary>
    public long Sent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (Sent < _length)
            {
                var count = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(BufferSize, _length - Sent)), _offset + Sent);
                if (count == 0) throw new OciException($"The content became shorter while it was sent: it ends at byte {_offset + Sent}.");
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                _stall.Touch();
                Sent += count;
                _meter.Move(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
