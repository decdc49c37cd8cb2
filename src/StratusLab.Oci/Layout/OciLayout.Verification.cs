using System.Security.Cryptography;

namespace StratusLab.Oci;

/// <content>Whether large contents are still what they were.</content>
public sealed partial class OciLayout
{
    private const int HashBuffer = 1 << 20;

    // One small file per content: the stamp that its file had when it was last hashed.
    private string StampFolder => Path.Combine(Folder, ".verified");

    /// <summary>
    /// Sees to it that a content is what its digest says. It is hashed only if its file is not the one, unchanged, that was hashed last
    /// (length, times and number of the file are compared); so a disk of 100 GB costs nothing unless somebody touched it.
    /// </summary>
    /// <param name="digest">The content.</param>
    /// <param name="again">Hash it in any case.</param>
    /// <param name="inspect">Looks at a content that was hashed, before it is taken for known; what it throws is thrown on.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Whether the layout has it.</returns>
    /// <exception cref="OciException">Its content does not have the digest.</exception>
    public async Task<bool> VerifyAsync(OciDigest digest, bool again = false, Func<Stream, CancellationToken, Task>? inspect = null, CancellationToken cancellationToken = default)
    {
        var path = BlobPath(digest);
        if (FileStamp.Of(path) is not { } stamp) return false;
        if (!again && stamp == ReadStamp(digest)) return true;
        if (await HashAsync(digest, cancellationToken).ConfigureAwait(false) != digest)
        {
            File.Delete(StampPath(digest));
            throw new OciException($"'{path}' is damaged: its content does not have the digest that is its name.");
        }

        if (inspect is not null)
        {
            var content = OpenBlob(digest);
            await using (content.ConfigureAwait(false))
            {
                await inspect(content, cancellationToken).ConfigureAwait(false);
            }
        }

        // What changed while it was read is to be hashed again.
        if (FileStamp.Of(path) == stamp) WriteStamp(digest, stamp);
        return true;
    }

    /// <summary>Takes a content into the layout that a manifest there speaks of without pointing to it, such as a layer unpacked.</summary>
    public async Task TakeAsync(OciStagedBlob content, CancellationToken cancellationToken = default)
    {
        using (await OciLock.TakeAsync(_lock, cancellationToken).ConfigureAwait(false))
        {
            content.MoveTo(BlobPath(content.Descriptor.Digest));
            Stamp([content]);
        }
    }

    private async Task<OciDigest> HashAsync(OciDigest digest, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(digest.Algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
        var content = OpenBlob(digest);
        await using (content.ConfigureAwait(false))
        {
            var buffer = new byte[HashBuffer];
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count) hash.AppendData(buffer, 0, count);
        }

        return OciDigest.Parse($"{digest.Algorithm}:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    // Contents are hashed on their way in. Small ones are hashed whenever they are read and need no stamp.
    private void Stamp(IEnumerable<OciStagedBlob> blobs)
    {
        foreach (var blob in blobs.Select(b => b.Descriptor))
            if (blob.Size > MaxManifest && FileStamp.Of(BlobPath(blob.Digest)) is { } stamp) WriteStamp(blob.Digest, stamp);
    }

    private string StampPath(OciDigest digest) => Path.Combine(StampFolder, $"{digest.Algorithm}-{digest.Hex}");

    private string? ReadStamp(OciDigest digest)
    {
        try
        {
            return File.ReadAllText(StampPath(digest));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void WriteStamp(OciDigest digest, string stamp)
    {
        var fresh = $"{StampPath(digest)}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(StampFolder);
            File.WriteAllText(fresh, stamp);
            File.Move(fresh, StampPath(digest), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A layout that cannot be written to, or a full disk: then the content is hashed again next time.
            try
            {
                File.Delete(fresh);
            }
            catch (Exception e2) when (e2 is IOException or UnauthorizedAccessException)
            {
                // It never came to be.
            }
        }
    }
}
