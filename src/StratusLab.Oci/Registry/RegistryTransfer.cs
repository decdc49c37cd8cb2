namespace StratusLab.Oci;

/// <summary>Copies artifacts between a registry and a local layout. What is there already is not sent; what was interrupted goes on.</summary>
/// <param name="registry">The registry.</param>
/// <param name="layout">The layout; it also keeps what is needed to go on after an interruption.</param>
public sealed class RegistryTransfer(RegistryClient registry, OciLayout layout)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends an artifact of the layout, contents first. One that refers to another and gets no tag is found among the other's referrers.</summary>
    /// <param name="manifest">Digest of its manifest.</param>
    /// <param name="repository">Where to.</param>
    /// <param name="tag">The tag to give it; null for none.</param>
    /// <param name="mountFrom">Another repository of the registry that may hold its contents.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops the work; the next attempt goes on from there.</param>
    /// <returns>The manifest's descriptor.</returns>
    /// <exception cref="RegistryException">The registry refused it or could not be reached.</exception>
    /// <exception cref="OciException">The layout does not hold it whole.</exception>
    public async Task<OciDescriptor> PushAsync(
        OciDigest manifest, string repository, string? tag = null, string? mountFrom = null, IProgress<RegistryProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var document = new RegistryManifest(OciMediaTypes.Manifest, await layout.ReadBlobAsync(manifest, cancellationToken).ConfigureAwait(false));
        var image = document.ReadImage();
        var blobs = Blobs(image);
        foreach (var blob in blobs)
            if (!layout.Holds(blob)) throw new OciException($"The layout '{layout.Folder}' does not hold {blob.Digest} with the {blob.Size} bytes that the manifest gives it.");

        OciStaging.RemoveOld(Uploads);
        var meter = new TransferMeter(progress, blobs.Sum(b => b.Size), registry.Http.Options.Clock);
        await Each(blobs, (blob, ct) => PushAsync(blob, repository, mountFrom, meter, ct), cancellationToken).ConfigureAwait(false);
        if (tag is null && image.Subject is not null) await registry.PutReferrerAsync(repository, document, cancellationToken).ConfigureAwait(false);
        else await registry.PutManifestAsync(repository, tag ?? document.Descriptor.Digest.ToString(), document, cancellationToken).ConfigureAwait(false);
        meter.Finish();
        return document.Descriptor;
    }

    /// <summary>Brings an artifact into the layout. A content has its name there only once its digest is verified.</summary>
    /// <param name="repository">Where from.</param>
    /// <param name="reference">A tag or digest.</param>
    /// <param name="tag">The tag that it gets in the layout; null for none.</param>
    /// <param name="inspect">
    /// Looks at the contents that were not there before, when they are verified and have no names yet, and returns further ones to take into the
    /// layout with them. What it throws is thrown on, and nothing is kept. Null to take them as they are.
    /// </param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops the work; the next attempt goes on from there.</param>
    /// <returns>The manifest's descriptor.</returns>
    /// <exception cref="RegistryException">The registry does not have it, could not be reached, or gave something else.</exception>
    /// <exception cref="OciException">The manifest is broken, or the layout is.</exception>
    public async Task<OciDescriptor> PullAsync(
        string repository,
        string reference,
        string? tag = null,
        Func<IReadOnlyList<OciStagedBlob>, CancellationToken, Task<IReadOnlyList<OciStagedBlob>>>? inspect = null,
        IProgress<RegistryProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var document = await registry.GetManifestAsync(repository, reference, cancellationToken).ConfigureAwait(false);
        var blobs = Blobs(document.ReadImage());
        var meter = new TransferMeter(progress, blobs.Sum(b => b.Size), registry.Http.Options.Clock);
        var partials = new List<PartialBlob>();
        var staged = new List<OciStagedBlob>();
        try
        {
            // Two that want the same contents take them in the same order, so that neither holds what the other waits for.
            foreach (var blob in blobs.OrderBy(b => b.Digest.ToString(), StringComparer.Ordinal))
            {
                if (await OpenAsync(blob, cancellationToken).ConfigureAwait(false) is { } partial) partials.Add(partial);
                else meter.Skip(blob.Size);
            }

            await Each(partials, (partial, ct) => new BlobDownload(registry, repository, partial, meter).RunAsync(ct), cancellationToken).ConfigureAwait(false);
            foreach (var partial in partials) staged.Add(partial.Complete());
            if (inspect is not null) staged.AddRange(await inspect([.. staged], cancellationToken).ConfigureAwait(false));
            var descriptor = await layout.CommitAsync(document, tag, staged, null, cancellationToken).ConfigureAwait(false);
            meter.Finish();
            return descriptor;
        }
        finally
        {
            foreach (var content in staged) content.Dispose();
            foreach (var partial in partials) partial.Dispose();
        }
    }

    private string Uploads => registry.Http.Options.UploadsFolder ?? UploadRecord.UsualFolder;

    private static List<OciDescriptor> Blobs(OciManifest manifest) => [.. manifest.Layers.Append(manifest.Config).DistinctBy(d => d.Digest)];

    private Task Each<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = registry.Http.Options.Connections, CancellationToken = cancellationToken },
            async (item, ct) => await work(item, ct).ConfigureAwait(false));

    private async Task PushAsync(OciDescriptor blob, string repository, string? mountFrom, TransferMeter meter, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await registry.HasBlobAsync(repository, blob.Digest, cancellationToken).ConfigureAwait(false))
            {
                meter.Skip(blob.Size);
                return;
            }

            using (var record = UploadRecord.TryOpen(Uploads, registry.Registry, repository, blob.Digest))
            {
                if (record is not null)
                {
                    await registry.Http.Transfers.WaitAsync(cancellationToken).ConfigureAwait(false);
                    try
                    {
                        using var content = layout.OpenBlobFile(blob.Digest);
                        await new BlobUpload(registry, repository, blob, content, record, meter).RunAsync(mountFrom, cancellationToken).ConfigureAwait(false);
                        return;
                    }
                    finally
                    {
                        registry.Http.Transfers.Release();
                    }
                }
            }

            // Another process sends the same content there: once is enough.
            await Task.Delay(Turn, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The place for a content that is to come; null if the layout has it.</summary>
    private async Task<PartialBlob?> OpenAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        while (!layout.Holds(blob))
        {
            if (PartialBlob.TryOpen(layout.PartialFolder, blob, registry.Http.Options.ChunkSize) is { } partial) return partial;
            // Another process brings the same content: once is enough.
            await Task.Delay(Turn, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }
}
