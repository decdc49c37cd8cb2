using System.Security.Cryptography;
using System.Threading.Channels;
using Amazon.S3.Model;
using StratusLab.Core;
using StratusLab.Ec2.Images;

namespace StratusLab.Ec2.Storage;

/// <summary>Reads a disk once, in order, verifies it, and sends the parts that are not there, several at once, with a fixed number of buffers.</summary>
internal sealed class PartSender(ImageBucket bucket, ImageDescriptor image, DiskSource source, string uploadId, Dictionary<int, PartDetail> present, TransferMeter meter)
{
    private const int Parallelism = 4;
    private const int MaxParts = 10_000;
    private const int LeastPart = 8 << 20;

    /// <summary>How many bytes a part has; all but the last.</summary>
    public static int PartLength(long length) => (int)Math.Max(LeastPart, ((length / MaxParts) + (1 << 20)) >> 20 << 20);

    /// <summary>Sends the parts.</summary>
    /// <returns>All of them, in order.</returns>
    /// <exception cref="StratusException"><c>ImageCorrupt</c>; or S3 refused a part.</exception>
    public async Task<List<PartETag>> RunAsync(CancellationToken cancellationToken)
    {
        var size = PartLength(source.Length);
        var free = Channel.CreateBounded<byte[]>(Parallelism);
        for (var i = 0; i < Parallelism; i++) free.Writer.TryWrite([]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = new List<Task<PartETag>>();
        try
        {
            var content = await source.BeginAsync(stop.Token).ConfigureAwait(false);
            using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var done = 0L;
            while (true)
            {
                var buffer = await free.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
                if (buffer.Length == 0) buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(size, Math.Max(1, source.Length)));
                var count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop.Token).ConfigureAwait(false);
                if (count == 0) break;
                done += count;
                if (done > source.Length) throw ImageErrors.Corrupt(image, $"is longer than {source.Length} bytes");
                if (source.Digest is not null) whole.AppendData(buffer, 0, count);
                sending.Add(SendAsync(sending.Count + 1, buffer, count, free.Writer, stop));
            }

            if (done < source.Length) throw ImageErrors.Corrupt(image, $"ends after {done} of {source.Length} bytes");
            if (source.Digest is { } digest && $"sha256:{Convert.ToHexStringLower(whole.GetHashAndReset())}" is var found && found != digest) throw ImageErrors.Corrupt(image, $"has the digest {found}, not {digest}");
            return [.. await Task.WhenAll(sending).ConfigureAwait(false)];
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(sending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // What one part failed of stopped the others.
            if (!cancellationToken.IsCancellationRequested && sending.Find(task => task.IsFaulted) is { } failed) await failed.ConfigureAwait(false);
            throw;
        }
    }

    private async Task<PartETag> SendAsync(int number, byte[] buffer, int count, ChannelWriter<byte[]> free, CancellationTokenSource stop)
    {
        try
        {
            var sum = Convert.ToBase64String(SHA256.HashData(buffer.AsSpan(0, count)));
            if (present.TryGetValue(number, out var there) && there.ChecksumSHA256 == sum && there.Size == count)
            {
                meter.Skip(count);
                return new PartETag { PartNumber = number, ETag = there.ETag, ChecksumSHA256 = sum };
            }

            var sent = await bucket.DoAsync(
                "UploadPart",
                (s3, name, owner) => s3.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = name, ExpectedBucketOwner = owner, Key = source.Key, UploadId = uploadId, PartNumber = number, PartSize = count,
                        InputStream = new MemoryStream(buffer, 0, count, writable: false), ChecksumSHA256 = sum,
                    },
                    stop.Token),
                stop.Token).ConfigureAwait(false);
            meter.Add(count);
            return new PartETag { PartNumber = number, ETag = sent.ETag, ChecksumSHA256 = sum };
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            free.TryWrite(buffer);
        }
    }
}
