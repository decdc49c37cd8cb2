namespace StratusLab.Core;

/// <summary>Bytes behind a URL. What is fetched from there is verified by its digest, so that the place need not be trusted.</summary>
/// <param name="Url">An absolute <c>https</c> URL; <c>http</c> only where the user said so. As the hosts reach it, not only this machine.</param>
public sealed record RemoteBlob(Uri Url)
{
    /// <summary>
    /// Gets the value of the <c>Authorization</c> header, such as <c>Bearer …</c>, fresh at each call; null for none. It is sent to the
    /// URL's own host only, not to one that it redirects to.
    /// </summary>
    public Func<CancellationToken, Task<string?>>? AuthorizeAsync { get; init; }
}
