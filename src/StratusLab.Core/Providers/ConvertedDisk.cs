namespace StratusLab.Core;

/// <summary>An image's disk in another format than its own.</summary>
/// <param name="Content">Its bytes, from their beginning. Disposed with this.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Digest">Their SHA-256, <c>sha256:</c> and 64 hexadecimal digits. Another machine may convert the same disk to other bytes.</param>
public sealed record ConvertedDisk(Stream Content, long Length, string Digest) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
