using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The bytes of a volume, over a connection of their own that ends with them. Reading fails with StratusLab's errors.</summary>
internal sealed class VolumeContent : Stream
{
    // The reader may wait for somebody else: then neither side takes the connection for dead.
    private static readonly LibvirtConnectionOptions Patient = new() { StreamStallTimeout = Timeout.InfiniteTimeSpan, KeepAliveInterval = Timeout.InfiniteTimeSpan };

    private readonly HostConnection _host;
    private readonly LibvirtConnection _connection;
    private readonly VolumeDownloadStream _download;
    private long _position;
    private int _isDisposed;

    private VolumeContent(HostConnection host, LibvirtConnection connection, VolumeDownloadStream download, long length)
    {
        _host = host;
        _connection = connection;
        _download = download;
        Length = length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    /// <summary>How many bytes there were when it was opened.</summary>
    public override long Length { get; }

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Opens a volume.</summary>
    /// <exception cref="StratusException">It is not there, or the host cannot be reached.</exception>
    public static async Task<VolumeContent> OpenAsync(HostConnection host, StorageVolumeRef volume, CancellationToken cancellationToken)
    {
        var connection = await host.OpenAsync(Patient, cancellationToken).ConfigureAwait(false);
        try
        {
            var length = VolumeXml.Stamp(await connection.Volumes.GetXmlAsync(volume, cancellationToken).ConfigureAwait(false)).Length;
            var download = await connection.Volumes.OpenDownloadAsync(volume, new VolumeTransferOptions { Sparse = true }, cancellationToken).ConfigureAwait(false);
            return new VolumeContent(host, connection, download, (long)length);
        }
        catch (LibvirtException e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw HostErrors.Translate(e, host.Definition);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await _download.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _position += count;
            return count;
        }
        catch (LibvirtException e)
        {
            throw HostErrors.Translate(e, _host.Definition);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // Whoever cannot wait for the farewell need not: the connection ends all the same.
        if (disposing) _ = DisposeAsync().AsTask();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _download.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
