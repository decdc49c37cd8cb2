using Amazon.S3;
using Amazon.S3.Model;
using StratusLab.Core;
using StratusLab.Ec2.Aws;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Images;

namespace StratusLab.Ec2.Storage;

/// <summary>The bucket through which images come: that of the host's URI, else the account's own for the region, which is made when it is needed.</summary>
internal sealed class ImageBucket(Ec2Uri uri, ServiceClients services, JournalledCalls calls)
{
    private const int KeepDays = 7;
    private Task<Place>? _place;

    private Ec2ClientOptions Options => uri.Client;

    /// <summary>The bucket's name.</summary>
    public async Task<string> NameAsync(CancellationToken cancellationToken) => (await PlaceAsync(cancellationToken).ConfigureAwait(false)).Bucket;

    /// <summary>Makes one call about the bucket.</summary>
    /// <param name="action">The API's name for it.</param>
    /// <param name="call">The call, given the bucket and the account that must have it; null for whichever has.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StratusException">It failed.</exception>
    public async Task<T> DoAsync<T>(string action, Func<IAmazonS3, string, string?, Task<T>> call, CancellationToken cancellationToken)
    {
        var place = await PlaceAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await call(services.S3, place.Bucket, place.Owner).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not StratusException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw S3Errors.Translate(e, Options, action, place.Bucket);
        }
    }

    /// <summary>The objects whose keys begin so; none where there is no bucket.</summary>
    public async Task<IReadOnlyList<S3Object>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<S3Object>();
        var request = new ListObjectsV2Request { Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await DoAsync("ListBucket", (s3, bucket, owner) => s3.ListObjectsV2Async(With(request, bucket, owner), cancellationToken), cancellationToken).ConfigureAwait(false);
            found.AddRange(page.S3Objects ?? []);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return found;

        static ListObjectsV2Request With(ListObjectsV2Request request, string bucket, string? owner)
        {
            (request.BucketName, request.ExpectedBucketOwner) = (bucket, owner);
            return request;
        }
    }

    /// <summary>The multipart uploads that are not complete and whose keys begin so, oldest first.</summary>
    public async Task<IReadOnlyList<MultipartUpload>> ListUploadsAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<MultipartUpload>();
        ListMultipartUploadsResponse? page = null;
        do
        {
            var (key, id) = (page?.NextKeyMarker, page?.NextUploadIdMarker);
            page = await DoAsync(
                "ListBucketMultipartUploads",
                (s3, bucket, owner) => s3.ListMultipartUploadsAsync(
                    new ListMultipartUploadsRequest { BucketName = bucket, ExpectedBucketOwner = owner, Prefix = prefix, KeyMarker = key, UploadIdMarker = id }, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            found.AddRange(page.MultipartUploads ?? []);
        }
        while (page.IsTruncated == true);
        return [.. found.OrderBy(u => u.Initiated).ThenBy(u => u.UploadId, StringComparer.Ordinal)];
    }

    /// <summary>Makes the bucket, private, encrypted and with an end for what is left over. One that the URI names is never made.</summary>
    /// <exception cref="StratusException">It cannot be made.</exception>
    public async Task CreateAsync(StratusException missing, CancellationToken cancellationToken)
    {
        if (uri.Bucket is not null) throw missing;
        var name = await NameAsync(cancellationToken).ConfigureAwait(false);
        await calls.RunAsync("CreateBucket", name, $"bucket={name}", name, () => PutAsync(cancellationToken), _ => name, cancellationToken).ConfigureAwait(false);
        await DoAsync("PutBucketPublicAccessBlock", (s3, bucket, owner) => s3.PutPublicAccessBlockAsync(
            new PutPublicAccessBlockRequest
            {
                BucketName = bucket,
                ExpectedBucketOwner = owner,
                PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration { BlockPublicAcls = true, BlockPublicPolicy = true, IgnorePublicAcls = true, RestrictPublicBuckets = true },
            },
            cancellationToken), cancellationToken).ConfigureAwait(false);
        await DoAsync("PutEncryptionConfiguration", (s3, bucket, owner) => s3.PutBucketEncryptionAsync(
            new PutBucketEncryptionRequest
            {
                BucketName = bucket,
                ExpectedBucketOwner = owner,
                ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
                {
                    ServerSideEncryptionRules = [new ServerSideEncryptionRule { ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault { ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AES256 } }],
                },
            },
            cancellationToken), cancellationToken).ConfigureAwait(false);
        await DoAsync("PutLifecycleConfiguration", (s3, bucket, owner) => s3.PutLifecycleConfigurationAsync(
            new PutLifecycleConfigurationRequest { BucketName = bucket, ExpectedBucketOwner = owner, Configuration = new LifecycleConfiguration { Rules = [Rule()] } },
            cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes all objects, and gives up all uploads, whose keys begin so. A success where there are none.</summary>
    public async Task ClearAsync(string prefix, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var upload in await ListUploadsAsync(prefix, cancellationToken).ConfigureAwait(false)) await AbortAsync(upload.Key, upload.UploadId, cancellationToken).ConfigureAwait(false);
            foreach (var item in await ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                await DoAsync(
                    "DeleteObject",
                    (s3, bucket, owner) => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, ExpectedBucketOwner = owner, Key = item.Key }, cancellationToken),
                    cancellationToken).ConfigureAwait(false);
            }
        }
        catch (HostRefusedException e) when (e.Code == S3Errors.NoSuchBucket)
        {
            // Then there is nothing.
        }
    }

    /// <summary>Gives up an upload; a success if it is gone.</summary>
    public async Task AbortAsync(string key, string uploadId, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(
                "AbortMultipartUpload",
                (s3, bucket, owner) => s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, ExpectedBucketOwner = owner, Key = key, UploadId = uploadId }, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (e.Code == S3Errors.NoSuchUpload)
        {
            // Completed or given up by another process.
        }
    }

    private async Task<bool> PutAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The first region of all is what is meant where none is named, and may not be named.
            var request = new PutBucketRequest { UseClientRegion = false, BucketRegionName = uri.Region == "us-east-1" ? null : uri.Region };
            await DoAsync(
                "CreateBucket",
                (s3, bucket, _) =>
                {
                    request.BucketName = bucket;
                    return s3.PutBucketAsync(request, cancellationToken);
                },
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (HostRefusedException e) when (e.Code == "BucketAlreadyOwnedByYou")
        {
            // Another process was faster.
            return false;
        }
    }

    private static LifecycleRule Rule() => new()
    {
        Id = "stratuslab-leftovers",
        Status = LifecycleRuleStatus.Enabled,
        Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = UploadNames.Root } },
        AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = KeepDays },
        Expiration = new LifecycleRuleExpiration { Days = KeepDays },
    };

    private async Task<Place> PlaceAsync(CancellationToken cancellationToken)
    {
        if (uri.Bucket is { } given) return new Place(given, null);
        var task = _place;
        if (task is null || task.IsFaulted || task.IsCanceled) _place = task = FindAsync();
        return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // A name that somebody else took before is found out by the account that must own it.
    private async Task<Place> FindAsync()
    {
        try
        {
            var account = (await services.Sts.GetCallerIdentityAsync(new Amazon.SecurityToken.Model.GetCallerIdentityRequest()).ConfigureAwait(false)).Account;
            return new Place($"stratuslab-{account}-{uri.Region}", account);
        }
        catch (Exception e) when (e is not StratusException)
        {
            throw Errors.Ec2Errors.Translate(e, Options, "GetCallerIdentity", new QueryRequest(new Dictionary<string, string>(), isRepeatable: true, isSingle: false), requestId: null);
        }
    }

    private sealed record Place(string Bucket, string? Owner);
}
