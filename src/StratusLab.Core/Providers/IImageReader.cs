namespace StratusLab.Core;

/// <summary>A host that hands out the images that it keeps.</summary>
public interface IImageReader
{
    /// <summary>Reads an image's disk back whole and tells whether it is what was published. Changes nothing.</summary>
    /// <exception cref="StratusException"><c>ImageNotOnHost</c>.</exception>
    Task<HostImageCheck> VerifyImageAsync(string diskDigest, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Opens the bytes of an image's disk, from their beginning; the caller disposes the stream, and verifies what it read.</summary>
    /// <exception cref="StratusException"><c>ImageNotOnHost</c>.</exception>
    Task<Stream> OpenImageAsync(string diskDigest, CancellationToken cancellationToken = default);
}
