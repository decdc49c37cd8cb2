using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Copies an image's disk to a file and sees that it is what was published.</summary>
internal static class VerifiedCopy
{
    /// <summary>Writes the file anew. Runs of zeros become holes where the file system has them.</summary>
    /// <exception cref="StratusException"><c>ImageCorrupt</c>: the disk does not have its digest.</exception>
    public static async Task WriteAsync(Stream source, ImageDescriptor image, string target, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        await using var hold = file.ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        int count;
        while ((count = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            if (buffer.AsSpan(0, count).ContainsAnyExcept((byte)0)) await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            else file.Position += count;
            progress?.Report(file.Position);
        }

        file.SetLength(file.Position);
        if ($"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}" != image.DiskDigest)
            throw new StratusException("ImageCorrupt", StratusErrorKind.Failed, $"The disk of image {image} is not what was published. Publish it again.") { Resource = image.ToString() };
    }
}
