using System.Security.Cryptography;

namespace StratusLab.Oci;

/// <summary>
/// The folder for contents on their way in. Each file is held open and locked by its writer; the lock ends with the process,
/// so a file that can be locked is a leftover.
/// </summary>
internal sealed class OciStaging(string folder)
{
    private const int BufferSize = 1 << 20;
    private const int Block = 64 << 10;
    private static readonly TimeSpan Newborn = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(7);

    public async Task<OciStagedBlob> WriteAsync(Stream content, string mediaType, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(
            Path.Combine(folder, Guid.NewGuid().ToString("N")),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 });
        try
        {
            var (digest, size) = await CopyAsync(content, file, progress, cancellationToken).ConfigureAwait(false);
            return new OciStagedBlob(file, new OciDescriptor { MediaType = mediaType, Digest = digest, Size = size });
        }
        catch
        {
            File.Delete(file.Name);
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes what dead writers left. Only under the layout's lock.</summary>
    public void RemoveLeftovers() => Remove(folder, Newborn);

    /// <summary>Removes what nobody has gone on with for a week.</summary>
    public static void RemoveOld(string folder)
    {
        if (Directory.Exists(folder)) Remove(folder, Forgotten);
    }

    private static void Remove(string folder, TimeSpan age)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
        {
            // A writer may be between making its file and locking it.
            if (TimeProvider.System.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc < age) continue;
            try
            {
                using (file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.None)) file.Delete();
            }
            catch (IOException)
            {
                // Held by a writer that is alive, or just gone.
            }
        }
    }

    // The content is read once: while one buffer is hashed and written, the next is read.
    private static async Task<(OciDigest Digest, long Size)> CopyAsync(Stream content, FileStream file, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (current, next) = (new byte[BufferSize], new byte[BufferSize]);
        long size = 0;
        var count = await content.ReadAtLeastAsync(current, BufferSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        while (count > 0)
        {
            var (buffer, length, offset) = (current, count, size);
            var reading = count == BufferSize
                ? content.ReadAtLeastAsync(next, BufferSize, throwOnEndOfStream: false, cancellationToken).AsTask()
                : Task.FromResult(0);
            var writing = Task.Run(() => WriteSparse(file, buffer.AsSpan(0, length), offset), CancellationToken.None);
            try
            {
                hash.AppendData(buffer, 0, length);
            }
            finally
            {
                await Task.WhenAll(reading, writing).ConfigureAwait(false);
            }

            count = await reading.ConfigureAwait(false);
            size += length;
            progress?.Report(size);
            (current, next) = (next, current);
        }

        RandomAccess.SetLength(file.SafeFileHandle, size);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        return (OciDigest.FromSha256(hash.GetHashAndReset()), size);
    }

    // Blocks of zeros stay holes: a raw disk of 100 GB with 2 GB in it takes 2 GB.
    private static void WriteSparse(FileStream file, ReadOnlySpan<byte> data, long offset)
    {
        var start = 0;
        for (var at = 0; at < data.Length; at += Block)
        {
            var end = Math.Min(at + Block, data.Length);
            if (data[at..end].ContainsAnyExcept((byte)0)) continue;
            if (at > start) RandomAccess.Write(file.SafeFileHandle, data[start..at], offset + start);
            start = end;
        }

        if (data.Length > start) RandomAccess.Write(file.SafeFileHandle, data[start..], offset + start);
    }
}
