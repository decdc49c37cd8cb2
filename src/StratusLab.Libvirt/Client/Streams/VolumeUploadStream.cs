using StratusLab.Libvirt.Rpc;

namespace StratusLab.Libvirt;

/// <summary>
/// The content of a volume on its way to the server. <see cref="CompleteAsync"/> ends the upload and waits for the server's word that
/// all of it is written; disposing without it aborts the upload.
/// </summary>
public sealed class VolumeUploadStream : LibvirtStream
{
    private readonly bool _sparse;
    private bool _completed;

    internal VolumeUploadStream(RpcStream rpc, bool sparse)
        : base(rpc) => _sparse = sparse;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Sends data. Returns when it is handed to the transport, which is slow when the server is.</summary>
    /// <exception cref="LibvirtServerException">The server could not write what was sent before, for example on a full disk.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => Rpc.SendAsync(buffer, cancellationToken);

    /// <summary>Leaves bytes out, which read as zeros afterwards. Only for uploads opened as sparse.</summary>
    /// <param name="length">How many bytes.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task WriteHoleAsync(long length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return _sparse ? Rpc.SendHoleAsync(length, cancellationToken) : throw new InvalidOperationException("Holes need an upload that was opened as sparse.");
    }

    /// <summary>Ends the upload and waits until the server has written all of it.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        await Rpc.FinishAsync(cancellationToken).ConfigureAwait(false);
        _completed = true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_completed)
            Rpc.Abort();
        base.Dispose(disposing);
    }
}
