using System.Buffers;
using StratusLab.Libvirt.Rpc;

namespace StratusLab.Libvirt;

/// <summary>What the three kinds of libvirt streams share: they do not seek, and work asynchronously only.</summary>
public abstract class LibvirtStream : Stream
{
    private StreamSegment? _current;
    private int _position;
    private long _holeLeft;

    private protected LibvirtStream(RpcStream rpc) => Rpc = rpc;

    private protected RpcStream Rpc { get; }

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("The length of a libvirt stream is not known.");

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException("A libvirt stream has no position.");
        set => throw new NotSupportedException("A libvirt stream has no position.");
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A libvirt stream cannot seek.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("A libvirt stream has no length to set.");

    /// <summary>Not supported: use <see cref="Stream.ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A libvirt stream is read asynchronously only.");

    /// <summary>Not supported: use <see cref="Stream.WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A libvirt stream is written asynchronously only.");

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This libvirt stream is for writing.");

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This libvirt stream is for reading.");

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Reads data; a hole reads as zeros. 0 at the end.</summary>
    private protected async ValueTask<int> ReadDataAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_current is null && _holeLeft == 0 && !await AdvanceAsync(cancellationToken).ConfigureAwait(false))
            return 0;

        if (_holeLeft > 0)
        {
            var zeros = (int)Math.Min(_holeLeft, buffer.Length);
            buffer.Span[..zeros].Clear();
            _holeLeft -= zeros;
            return zeros;
        }

        var segment = _current!.Value;
        var count = (int)Math.Min(segment.Length - _position, buffer.Length);
        segment.Data.AsSpan(_position, count).CopyTo(buffer.Span);
        _position += count;
        if (_position == segment.Length)
            ReleaseCurrent();
        return count;
    }

    private protected void ReleaseCurrent()
    {
        if (_current?.Data is { } data)
            ArrayPool<byte>.Shared.Return(data);
        _current = null;
        _position = 0;
    }

    private async ValueTask<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        if (await Rpc.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } segment)
            return false;
        if (segment.IsHole)
            _holeLeft = segment.Length;
        else
            _current = segment;
        return true;
    }
}
