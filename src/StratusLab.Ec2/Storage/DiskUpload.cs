using Amazon.S3;
using Amazon.S3.Model;
using StratusLab.Core;
using StratusLab.Ec2.Images;

namespace StratusLab.Ec2.Storage;

/// <summary>
/// Brings a disk into the bucket in parts ("Uploading and copying objects using multipart upload", Amazon S3 user guide). An upload that was
/// interrupted is gone on with: parts that are there with the right SHA-256 are not sent again. One that another process is sending is waited for.
/// </summary>
internal sealed class DiskUpload(HostDefinition host, ImageBucket bucket, TimeProvider clock)
{
    // A sender that is alive completes a part more often than this on any link that would ever finish.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private const int Attempts = 4;

    // Uploads that this process began or took over, and that nobody else is at.
    private readonly HashSet<string> _mine = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Sends the disk unless it is there.</summary>
    /// <returns>Where it lies; null if another process was sending it, and has taken it away again since: then it has come further than the bucket.</returns>
    /// <exception cref="StratusException">It is not what it should be (<c>ImageCorrupt</c>; nothing is left), or S3 does not take it.</exception>
    public async Task<UploadedDisk?> SendAsync(ImageDescriptor image, DiskSource source, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var watched = new Dictionary<string, (DateTime Newest, long Since)>(StringComparer.Ordinal);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await FindAsync(source, cancellationToken).ConfigureAwait(false) is { } there) return there;
                var oldest = await OldestAsync(source.Key, cancellationToken).ConfigureAwait(false);
                if (oldest is null && watched.Count > 0) return null;
                var (uploadId, begunAt) = oldest ?? await BeginAsync(source.Key, cancellationToken).ConfigureAwait(false);
                var parts = await PartsAsync(source.Key, uploadId, cancellationToken).ConfigureAwait(false);
                if (IsBusy(uploadId, parts.Values.Select(p => p.LastModified ?? default).Append(begunAt).Max(), watched))
                {
                    attempt--;
                    await Task.Delay(Look, clock, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                await FinishAsync(image, source, uploadId, parts, progress, cancellationToken).ConfigureAwait(false);
                if (await FindAsync(source, cancellationToken).ConfigureAwait(false) is { } sent) return sent;
            }
            catch (HostRefusedException e) when (e.Code == S3Errors.NoSuchBucket && attempt < Attempts)
            {
                await bucket.CreateAsync(e, cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (e.Code is S3Errors.NoSuchUpload or S3Errors.PreconditionFailed or S3Errors.Conflict && attempt < Attempts)
            {
                // Another process completed it, or gave it up. What it completed is there, or has gone on.
                if (e.Code == S3Errors.NoSuchUpload && await FindAsync(source, cancellationToken).ConfigureAwait(false) is null) return null;
            }
        }
    }

    /// <summary>What lies in the bucket complete of an image's disk, in whichever format; null if nothing does.</summary>
    public async Task<UploadedDisk?> FindAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await bucket.ListAsync(UploadNames.Prefix(image), cancellationToken).ConfigureAwait(false)).MinBy(o => o.LastModified);
            return found is null ? null : new UploadedDisk(
                await bucket.NameAsync(cancellationToken).ConfigureAwait(false), found.Key, found.Key == UploadNames.Plain(image) ? "RAW" : "VMDK", found.LastModified ?? default);
        }
        catch (HostRefusedException e) when (e.Code == S3Errors.NoSuchBucket)
        {
            return null;
        }
    }

    private async Task<UploadedDisk?> FindAsync(DiskSource source, CancellationToken cancellationToken)
    {
        var found = (await bucket.ListAsync(source.Key, cancellationToken).ConfigureAwait(false)).FirstOrDefault(o => o.Key == source.Key && o.Size == source.Length);
        return found is null ? null : new UploadedDisk(await bucket.NameAsync(cancellationToken).ConfigureAwait(false), source.Key, source.Format, found.LastModified ?? default);
    }

    // Of two that begin at once the older is kept, so that both go on with the same.
    private async Task<(string Id, DateTime BegunAt)> BeginAsync(string key, CancellationToken cancellationToken)
    {
        var begun = await bucket.DoAsync(
            "CreateMultipartUpload",
            (s3, name, owner) => s3.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = name, ExpectedBucketOwner = owner, Key = key, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 },
                cancellationToken),
            cancellationToken).ConfigureAwait(false);
        var kept = await OldestAsync(key, cancellationToken).ConfigureAwait(false) ?? (begun.UploadId, clock.GetUtcNow().UtcDateTime);
        if (kept.Id == begun.UploadId) lock (_gate) _mine.Add(kept.Id);
        else await bucket.AbortAsync(key, begun.UploadId, cancellationToken).ConfigureAwait(false);
        return kept;
    }

    private async Task<(string Id, DateTime BegunAt)?> OldestAsync(string key, CancellationToken cancellationToken) =>
        (await bucket.ListUploadsAsync(key, cancellationToken).ConfigureAwait(false)).FirstOrDefault(u => u.Key == key) is { } oldest ? (oldest.UploadId, oldest.Initiated ?? default) : null;

    private async Task<Dictionary<int, PartDetail>> PartsAsync(string key, string uploadId, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, PartDetail>();
        ListPartsResponse? page = null;
        do
        {
            var after = page?.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            page = await bucket.DoAsync(
                "ListMultipartUploadParts",
                (s3, name, owner) => s3.ListPartsAsync(new ListPartsRequest { BucketName = name, ExpectedBucketOwner = owner, Key = key, UploadId = uploadId, PartNumberMarker = after }, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            foreach (var part in page.Parts ?? []) found[part.PartNumber ?? 0] = part;
        }
        while (page.IsTruncated == true);
        return found;
    }

    // Whether another process is at it: parts came lately, by S3's clock or as seen from here.
    private bool IsBusy(string uploadId, DateTime newest, Dictionary<string, (DateTime Newest, long Since)> watched)
    {
        lock (_gate)
        {
            if (_mine.Contains(uploadId)) return false;
        }

        var now = clock.GetTimestamp();
        if (!watched.TryGetValue(uploadId, out var seen) || seen.Newest != newest) watched[uploadId] = seen = (newest, now);
        var isOld = clock.GetUtcNow().UtcDateTime - newest.ToUniversalTime() > Quiet;
        if (!isOld && clock.GetElapsedTime(seen.Since, now) <= Quiet) return true;
        lock (_gate) _mine.Add(uploadId);
        return false;
    }

    private async Task FinishAsync(
        ImageDescriptor image, DiskSource source, string uploadId, Dictionary<int, PartDetail> present, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var meter = new TransferMeter(host.Name, image.ToString(), source.Length, progress, clock);
        List<PartETag> parts;
        try
        {
            parts = await new PartSender(bucket, image, source, uploadId, present, meter).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (e.ErrorId == ImageErrors.CorruptId || e.Kind == StratusErrorKind.PermissionDenied)
        {
            await bucket.AbortAsync(source.Key, uploadId, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        await bucket.DoAsync(
            "CompleteMultipartUpload",
            (s3, name, owner) => s3.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = name, ExpectedBucketOwner = owner, Key = source.Key, UploadId = uploadId, PartETags = parts, IfNoneMatch = "*" }, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        lock (_gate) _mine.Remove(uploadId);
    }
}
