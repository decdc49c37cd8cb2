using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A marketplace that images are had from.</summary>
internal interface IImageSource : IDisposable
{
    /// <summary>The images that a query asks for.</summary>
    /// <param name="query">Which.</param>
    /// <param name="seen">Names that were seen there before, for marketplaces that do not list theirs.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    IAsyncEnumerable<FoundImage> FindAsync(ImageQuery query, IReadOnlyCollection<string> seen, CancellationToken cancellationToken);

    /// <summary>Whether the marketplace has an image, and its manifest digest where it has one.</summary>
    Task<(bool IsThere, string? Digest)> LookUpAsync(string name, string version, CancellationToken cancellationToken);

    /// <summary>Brings an image into the local store.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version, tag or manifest digest.</param>
    /// <param name="progress">Told the bytes.</param>
    /// <param name="cancellationToken">Stops the work; what has come is kept, and the next attempt goes on from there.</param>
    Task<StratusImage> ReceiveAsync(string name, string version, IProgress<TransferProgress>? progress, CancellationToken cancellationToken);
}
