using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>A marketplace in an OCI registry: an image is a repository below its namespace, a version is a tag.</summary>
internal sealed class RegistryMarketplace(
    string place, MarketplaceAddress address, RegistryClient client, ImageLibrary library, ImageTrust trust, SeenImages seenImages, TimeProvider clock) : IImageSource
{
    private const int AtOnce = 8;
    private const string Latest = "latest";

    public void Dispose() => client.Dispose();

    public async IAsyncEnumerable<FoundImage> FindAsync(ImageQuery query, IReadOnlyCollection<string> seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var image in await NamesAsync(query, seen, cancellationToken).ConfigureAwait(false))
        {
            var repository = address.RepositoryOf(image);
            var tags = await client.ListTagsAsync(repository, cancellationToken).Where(ImageReference.IsVersion).ToListAsync(cancellationToken).ConfigureAwait(false);
            // Tags that stand for lists of referrers look like versions.
            tags.RemoveAll(t => t.StartsWith("sha256-", StringComparison.Ordinal) || t.StartsWith("sha512-", StringComparison.Ordinal));
            if (!query.MatchesName(place, image, tags)) continue;
            var manifests = FanOut.RunAsync<(string Tag, RegistryManifest Document)>(
                [.. tags.Select<string, FanOut.Worker<(string, RegistryManifest)>>(tag => async (results, ct) =>
                {
                    if (await ReadAsync(repository, tag, ct).ConfigureAwait(false) is { } document) await results.WriteAsync((tag, document), ct).ConfigureAwait(false);
                })],
                AtOnce,
                cancellationToken);
            var groups = (await manifests.ToListAsync(cancellationToken).ConfigureAwait(false)).GroupBy(m => m.Document.Descriptor.Digest);
            var found = FanOut.RunAsync<FoundImage>(
                [.. groups.Select<IGrouping<OciDigest, (string Tag, RegistryManifest Document)>, FanOut.Worker<FoundImage>>(group => async (results, ct) =>
                {
                    var described = await DescribeAsync(query, image, [.. group.Select(g => g.Tag).Order(StringComparer.Ordinal)], group.First().Document, ct).ConfigureAwait(false);
                    if (described is not null) await results.WriteAsync(described, ct).ConfigureAwait(false);
                })],
                AtOnce,
                cancellationToken);
            foreach (var one in (await found.ToListAsync(cancellationToken).ConfigureAwait(false)).OrderBy(f => f.Version, StringComparer.Ordinal)) yield return one;
        }
    }

    public async Task<(bool IsThere, string? Digest)> LookUpAsync(string image, string version, CancellationToken cancellationToken)
    {
        var descriptor = await client.ResolveAsync(address.RepositoryOf(image), version, cancellationToken).ConfigureAwait(false);
        return (descriptor is not null, descriptor?.Digest.ToString());
    }

    /// <summary>
    /// Where a host of the site can fetch an image's disk; null if the disk is not there as it is on hosts, or if hosts cannot get it. A host
    /// may be told a token for this one repository, which soon runs out, but not somebody's password.
    /// </summary>
    public async Task<RegistryBlobPlace?> LocateAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        if (!ImageReference.IsName(image.Name)) return null;
        var found = await client.LocateBlobAsync(address.RepositoryOf(image.Name), OciDigest.Parse(image.DiskDigest), cancellationToken).ConfigureAwait(false);
        return found is null || found.Address.IsLoopback || found.IsPassword ? null : found;
    }

    public async Task<StratusImage> ReceiveAsync(string image, string version, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var repository = address.RepositoryOf(image);
        var reference = $"{client.Registry}/{repository}{(version.Contains(':', StringComparison.Ordinal) ? '@' : ':')}{version}";
        var artifact = await InspectAsync(repository, version, reference, cancellationToken).ConfigureAwait(false);
        var layout = await library.OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
        RefuseWithoutRoom(layout, artifact, reference);

        // Named as it is called there: who publishes under one name cannot pass for another here.
        var tag = version != Latest && ImageReference.IsVersion(version) ? version : artifact.Image.Version;
        var received = artifact.Image with { Name = ImageReference.IsName(image) ? image : artifact.Image.Name, Version = tag };
        var relay = RegistryRelay.For(progress, place, received.Reference);
        try
        {
            await new RegistryTransfer(client, layout).PullAsync(
                repository, received.Digest, received.Reference, new DiskInspection(layout, artifact).RunAsync, relay, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(e.ErrorId, $"'{reference}' was not kept. {e.Message}", e.Field, e) { Resource = reference };
        }

        var transfer = new RegistryTransfer(client, layout);
        foreach (var statement in await new RemoteStatements(client, repository).ListAsync(OciDigest.Parse(received.Digest), cancellationToken).ConfigureAwait(false))
            await transfer.PullAsync(repository, statement.Descriptor.Digest.ToString(), cancellationToken: cancellationToken).ConfigureAwait(false);
        await seenImages.RecordAsync(received.Digest, reference, cancellationToken).ConfigureAwait(false);
        return received;
    }

    /// <summary>Sends an image of the local store with what was said about it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="isLatest">Also give it the tag <c>latest</c>.</param>
    /// <param name="progress">Told the bytes.</param>
    /// <param name="cancellationToken">Stops the work; what has gone is kept, and the next attempt goes on from there.</param>
    public async Task PublishAsync(StratusImage image, bool isLatest, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var layout = await library.OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
        var transfer = new RegistryTransfer(client, layout);
        var repository = address.RepositoryOf(image.Name);
        var digest = OciDigest.Parse(image.Digest);
        await transfer.PushAsync(digest, repository, image.Version, null, RegistryRelay.For(progress, place, image.Reference), cancellationToken).ConfigureAwait(false);
        await PublishStatementsAsync(transfer, layout, digest, repository, cancellationToken).ConfigureAwait(false);

        // Last, so that whoever asks for the newest one finds it complete.
        if (isLatest && image.Version != Latest) await transfer.PushAsync(digest, repository, Latest, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends what was said about an image that the marketplace has.</summary>
    /// <returns>Whether it has the image.</returns>
    public async Task<bool> PublishStatementsAsync(StratusImage image, CancellationToken cancellationToken)
    {
        var repository = address.RepositoryOf(image.Name);
        if (await client.ResolveAsync(repository, image.Digest, cancellationToken).ConfigureAwait(false) is null) return false;
        var layout = await library.OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
        await PublishStatementsAsync(new RegistryTransfer(client, layout), layout, OciDigest.Parse(image.Digest), repository, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Deletes an image with all its tags, and what was said about it.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> PurgeAsync(string image, string version, CancellationToken cancellationToken)
    {
        var repository = address.RepositoryOf(image);
        if (await client.ResolveAsync(repository, version, cancellationToken).ConfigureAwait(false) is not { } descriptor) return false;
        var referrers = await client.ListReferrersAsync(repository, descriptor.Digest, null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (!await client.DeleteManifestAsync(repository, descriptor.Digest.ToString(), cancellationToken).ConfigureAwait(false)) return false;
        foreach (var referrer in referrers) await client.DeleteManifestAsync(repository, referrer.Digest.ToString(), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static async Task PublishStatementsAsync(RegistryTransfer transfer, OciLayout layout, OciDigest image, string repository, CancellationToken cancellationToken)
    {
        foreach (var type in (string[])[ImageMediaTypes.Endorsement, ImageMediaTypes.Deprecation])
            foreach (var statement in await layout.ListReferrersAsync(image, type, cancellationToken).ConfigureAwait(false))
                await transfer.PushAsync(statement.Digest, repository, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // Those of the namespace where the registry lists its repositories, else those that somebody asked for or saw.
    private async Task<IReadOnlyList<string>> NamesAsync(ImageQuery query, IReadOnlyCollection<string> seen, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(query.LiteralNames.Concat(seen), StringComparer.Ordinal);
        try
        {
            await foreach (var repository in client.ListRepositoriesAsync(cancellationToken).ConfigureAwait(false))
                if (address.NameOf(repository) is { } listed) names.Add(listed);
        }
        catch (RegistryException e) when (e.Kind is RegistryErrorKind.Unauthorized or RegistryErrorKind.Denied or RegistryErrorKind.Refused or RegistryErrorKind.NotFound or RegistryErrorKind.Protocol)
        {
            // Not every registry tells, and not everybody.
        }

        return [.. names.Where(n => query.MatchesName(place, n))];
    }

    private async Task<RegistryManifest?> ReadAsync(string repository, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e) when (e.Kind == RegistryErrorKind.NotFound)
        {
            // Deleted since it was listed.
            return null;
        }
    }

    private async Task<FoundImage?> DescribeAsync(ImageQuery query, string image, IReadOnlyList<string> tags, RegistryManifest document, CancellationToken cancellationToken)
    {
        var repository = address.RepositoryOf(image);
        ImageArtifact artifact;
        try
        {
            if (document.Descriptor.MediaType != OciMediaTypes.Manifest) return null;
            var manifest = document.ReadImage();
            ImageArtifact.DiskOf(manifest);
            artifact = ImageArtifact.Read(document.Descriptor.Digest, manifest, await client.GetBlobAsync(repository, manifest.Config, cancellationToken).ConfigureAwait(false));
        }
        catch (OciException)
        {
            // Something else that is kept in the same namespace.
            return null;
        }

        var found = FoundImages.From(artifact.Image with { Name = image }, place, clock.GetUtcNow()) with
        {
            Tags = tags,
            Version = tags.Contains(artifact.Image.Version) ? artifact.Image.Version : tags.FirstOrDefault(t => t != Latest) ?? tags[0],
        };
        if (!query.Matches(found)) return null;
        var statements = await new RemoteStatements(client, repository).ReadAsync(document.Descriptor.Digest, cancellationToken).ConfigureAwait(false);
        found = found.With(await trust.JudgeAsync(statements, cancellationToken).ConfigureAwait(false));
        foreach (var statement in statements) statement.Signed?.Dispose();
        return query.MatchesStatements(found) ? found : null;
    }

    private async Task<ImageArtifact> InspectAsync(string repository, string version, string reference, CancellationToken cancellationToken)
    {
        var document = await client.GetManifestAsync(repository, version, cancellationToken).ConfigureAwait(false);
        try
        {
            var manifest = document.ReadImage();
            ImageArtifact.DiskOf(manifest);
            var config = await client.GetBlobAsync(repository, manifest.Config, cancellationToken).ConfigureAwait(false);
            return ImageArtifact.Read(document.Descriptor.Digest, manifest, config);
        }
        catch (OciException e)
        {
            throw MarketplaceErrors.NotAnImage(reference, e.Message.TrimEnd('.'), e);
        }
    }

    private static void RefuseWithoutRoom(OciLayout layout, ImageArtifact artifact, string reference)
    {
        var needed = artifact.Disk.Size + (artifact is { IsCompressed: true, Image.Format: DiskFormat.Qcow2 } ? artifact.Image.DiskSize.Bytes : 0);
        var free = new DriveInfo(layout.Folder).AvailableFreeSpace;
        if (free >= needed || layout.Holds(artifact.Disk) || layout.HasPart(artifact.Disk)) return;
        throw new StratusException(
            "ImageStoreFull",
            StratusErrorKind.NoCapacity,
            $"'{reference}' needs {new ByteSize(needed)} and the disk that holds '{layout.Folder}' has {new ByteSize(free)} left. Make room, or remove images.") { Resource = reference };
    }
}
