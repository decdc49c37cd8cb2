using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Takes an image out of an OCI image layout that another tool wrote, as it is: its digest stays, and what was signed about it.</summary>
internal sealed class LayoutSource(string folder, OciLayout source, OciLayout target)
{
    private static readonly string[] StatementTypes = [ImageMediaTypes.Endorsement, ImageMediaTypes.Deprecation];

    /// <summary>Opens the folder.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidImageLayout</c>: it is no image layout.</exception>
    public static async Task<LayoutSource> OpenAsync(string folder, OciLayout target, CancellationToken cancellationToken)
    {
        // Opening would make one of a folder that is none.
        foreach (var file in (string[])["oci-layout", "index.json"])
            if (!File.Exists(Path.Combine(folder, file))) throw new InvalidInputException("InvalidImageLayout", $"'{folder}' is no OCI image layout: it has no file '{file}'. 'skopeo copy' writes one to oci:FOLDER:TAG.", "Path") { Resource = folder };
        return new LayoutSource(folder, await OciLayout.OpenAsync(folder, cancellationToken).ConfigureAwait(false), target);
    }

    /// <summary>Takes the image over under a name, with the checks of one that is received from a marketplace.</summary>
    /// <param name="tag">Its tag there; null where the folder holds only one.</param>
    /// <param name="name">Its name in the store.</param>
    /// <param name="version">Its version there; null for what it says of itself.</param>
    /// <param name="progress">Told the bytes copied.</param>
    /// <param name="cancellationToken">Stops the work; nothing is kept.</param>
    /// <exception cref="OciException">The folder is damaged, or what it holds is no image.</exception>
    public async Task<StratusImage> ImportAsync(string? tag, string name, string? version, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var digest = await ChooseAsync(tag, cancellationToken).ConfigureAwait(false);
        var document = await ReadAsync(digest, cancellationToken).ConfigureAwait(false);
        var manifest = document.ReadImage();
        ImageArtifact.DiskOf(manifest);
        var artifact = ImageArtifact.Read(digest, manifest, await source.ReadBlobAsync(manifest.Config.Digest, cancellationToken).ConfigureAwait(false));
        var image = artifact.Image with { Name = name, Version = version ?? artifact.Image.Version };
        var statements = await StatementsAsync(digest, cancellationToken).ConfigureAwait(false);

        var relay = progress is null ? null : new TransferRelay(progress, image.Reference, new ByteSize(artifact.Disk.Size));
        await CommitAsync(document, image.Reference, new DiskInspection(target, artifact), relay, cancellationToken).ConfigureAwait(false);
        foreach (var statement in statements) await CommitAsync(statement, null, null, null, cancellationToken).ConfigureAwait(false);
        return image;
    }

    private async Task<OciDigest> ChooseAsync(string? tag, CancellationToken cancellationToken)
    {
        var entries = new List<OciDescriptor>();
        foreach (var entry in (await source.ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Manifests)
            if (tag is null ? await IsImageAsync(entry, cancellationToken).ConfigureAwait(false) : TagOf(entry) == tag) entries.Add(entry);
        var there = string.Join(", ", entries.Select(e => TagOf(e) ?? e.Digest.ToString()).Take(20));
        return entries.Select(e => e.Digest).Distinct().ToList() switch
        {
            [var only] => only,
            [] => throw new InvalidInputException("NotAnImage", $"'{folder}' holds no image of a VM{(tag is null ? string.Empty : $" with the tag '{ImageReference.Printable(tag)}'")}.", "Path") { Resource = folder },
            _ => throw new InvalidInputException("AmbiguousImage", $"'{folder}' holds several images: {ImageReference.Printable(there)}. Say which, as in oci:{folder}:TAG.", "Path") { Resource = folder },
        };
    }

    private async Task<bool> IsImageAsync(OciDescriptor entry, CancellationToken cancellationToken) =>
        entry.MediaType == OciMediaTypes.Manifest
        && (await source.ReadManifestAsync(entry.Digest, cancellationToken).ConfigureAwait(false)).ArtifactType == ImageMediaTypes.Artifact;

    private async Task<RegistryManifest> ReadAsync(OciDigest digest, CancellationToken cancellationToken)
    {
        var document = new RegistryManifest(OciMediaTypes.Manifest, await source.ReadBlobAsync(digest, cancellationToken).ConfigureAwait(false));
        return document.Descriptor.Digest == digest ? document : throw new OciException($"{digest} is no SHA-256 digest, which is what images have");
    }

    private async Task<IReadOnlyList<RegistryManifest>> StatementsAsync(OciDigest image, CancellationToken cancellationToken)
    {
        var found = new List<RegistryManifest>();
        foreach (var type in StatementTypes)
        {
            foreach (var referrer in (await source.ListReferrersAsync(image, type, cancellationToken).ConfigureAwait(false)).Take(RemoteStatements.MaxCount))
            {
                var document = await ReadAsync(referrer.Digest, cancellationToken).ConfigureAwait(false);
                if (RemoteStatements.IsStatement(document, image)) found.Add(document);
            }
        }

        return found;
    }

    private async Task CommitAsync(RegistryManifest document, string? tag, DiskInspection? inspection, TransferRelay? relay, CancellationToken cancellationToken)
    {
        var manifest = document.ReadImage();
        var staged = new List<OciStagedBlob>();
        try
        {
            foreach (var part in manifest.Layers.Append(manifest.Config).DistinctBy(d => d.Digest))
            {
                if (!source.Holds(part)) throw new OciException($"'{folder}' does not hold {part.Digest} with the {part.Size} bytes that the manifest gives it");
                var content = source.OpenBlob(part.Digest);
                await using (content.ConfigureAwait(false))
                {
                    staged.Add(await target.StageAsync(content, part.MediaType, relay, cancellationToken).ConfigureAwait(false));
                }

                if (staged[^1].Descriptor.Digest != part.Digest) throw new OciException($"what '{folder}' holds as {part.Digest} does not have that digest");
            }

            if (inspection is not null) staged.AddRange(await inspection.RunAsync([.. staged], cancellationToken).ConfigureAwait(false));
            await target.CommitAsync(document, tag, staged, null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var content in staged) content.Dispose();
        }
    }

    private static string? TagOf(OciDescriptor entry) => entry.Annotations?.GetValueOrDefault(OciAnnotations.RefName);
}
