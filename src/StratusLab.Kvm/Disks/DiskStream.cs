using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>A disk on its way from the host, read once from its beginning to its end; the host cleans up behind it.</summary>
internal sealed class DiskStream(VolumeDownloadStream download, Func<ValueTask> close) : Stream
{
    private bool _isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The length is not known before the end.");

    public override long Position
    {
        get => throw new NotSupportedException("A disk is read from its beginning to its end.");
        set => throw new NotSupportedException("A disk is read from its beginning to its end.");
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => download.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A disk is read asynchronously only.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A disk is read from its beginning to its end.");

    public override void SetLength(long value) => throw new NotSupportedException("A disk is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A disk is only read.");

    public override async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        await download.DisposeAsync().ConfigureAwait(false);
        await close().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
