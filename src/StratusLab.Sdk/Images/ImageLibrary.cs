using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>The site's local image store: an OCI image layout in the folder <c>images</c>.</summary>
public sealed class ImageLibrary
{
    private readonly string _folder;
    private readonly HostRegistry _hosts;
    private readonly SeenImages _seen;
    private readonly string _owner;
    private readonly TimeProvider _clock;

    internal ImageLibrary(string folder, HostRegistry hosts, SeenImages seen, string owner, TimeProvider clock)
    {
        _folder = folder;
        _hosts = hosts;
        _seen = seen;
        _owner = owner;
        _clock = clock;
    }

    /// <summary>
    /// Checks a disk file and takes it into the store, reading it once. The same content published again under the same name and version
    /// is the same image; a name and version that exist with other content are moved to the new image.
    /// </summary>
    /// <exception cref="InvalidInputException">Name, version or file are unusable (<c>InvalidImageName</c>, <c>InvalidImageFile</c>); nothing was changed.</exception>
    public async Task<StratusImage> PublishAsync(
        ImagePublication publication,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ImageReference.Validate(publication.Name, publication.Version);
        if (string.IsNullOrWhiteSpace(publication.DefaultUser) || publication.DefaultUser.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
            throw new InvalidInputException("InvalidUser", "The default user is a Linux user name, such as 'debian'.", "DefaultUser");
        if (string.IsNullOrWhiteSpace(publication.Architecture) || publication.Architecture.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '_'))
            throw new InvalidInputException("InvalidArchitecture", "The architecture is written as the kernel does, such as x86_64 or aarch64.", "Architecture");

        try
        {
            var source = OpenSource(publication.Path);
            await using (source.ConfigureAwait(false))
            {
                var disk = await DiskFile.DetectAsync(source, publication.Format, cancellationToken).ConfigureAwait(false);
                return await StoreAsync(publication, source, disk, progress, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, publication.Path, _folder);
        }
        catch (InvalidInputException e) when (e.Resource is null)
        {
            throw new InvalidInputException(e.ErrorId, $"'{publication.Path}': {e.Message}", e.Field, e) { Resource = publication.Path };
        }
    }

    /// <summary>The images of the store, by name and version.</summary>
    /// <exception cref="StratusException"><c>ImageDamaged</c>, after all others are listed.</exception>
    public async IAsyncEnumerable<StratusImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StratusException? damage = null;
        await foreach (var image in ListAsync(e => damage ??= e, cancellationToken).ConfigureAwait(false)) yield return image;
        if (damage is not null) throw damage;
    }

    /// <summary>The same, for callers that want to know of every image that cannot be read.</summary>
    /// <param name="damaged">Told of each (<c>ImageDamaged</c>).</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async IAsyncEnumerable<StratusImage> ListAsync(Action<StratusException> damaged, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (images, damages) = await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (var image in images) yield return image;
        foreach (var damage in damages) damaged(damage.ToError());
    }

    /// <summary>One image.</summary>
    /// <param name="reference"><c>name</c> (its version <c>latest</c>, or its only one), <c>name:version</c>, or <c>sha256:</c> and the manifest digest.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusException"><c>ImageNotFound</c>; <c>ImageDamaged</c>.</exception>
    public async Task<StratusImage> GetAsync(string reference, CancellationToken cancellationToken = default)
    {
        var (images, damaged) = await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        if (images.Find(i => i.Digest == reference || i.Reference == reference) is { } exact) return exact;
        var versions = images.FindAll(i => i.Name == reference);
        if (versions.Find(i => i.Version == "latest") is { } latest) return latest;
        if (damaged.Find(d => d.Answers(reference)) is { } unreadable) throw unreadable.ToError();
        if (versions is [var only]) return only;

        var hint = versions.Count > 0
            ? $"'{reference}' has the versions {string.Join(", ", versions.Select(v => v.Version))} and none is 'latest': say which, as in {versions[0].Reference}."
            : images.Count == 0 ? "The local store is empty: publish one first." : $"There are: {string.Join(", ", images.Take(20).Select(i => i.Reference))}{(images.Count > 20 ? ", …" : string.Empty)}.";
        throw new StratusException("ImageNotFound", StratusErrorKind.NotFound, $"There is no image '{ImageReference.Printable(reference)}' in the local store. {hint}") { Resource = reference };
    }

    /// <summary>Removes an image from the store; its disk goes once no other image shares it.</summary>
    /// <param name="reference">As in <see cref="GetAsync"/>.</param>
    /// <param name="fromHosts">Also remove its disk from every host where no VM uses it and no other image of the store shares it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The image that was removed.</returns>
    /// <exception cref="StratusException"><c>ImageNotFound</c>; with <paramref name="fromHosts"/>, the first host that could not do it, after all were tried; then the image stays in the store.</exception>
    public async Task<StratusImage> RemoveAsync(string reference, bool fromHosts = false, CancellationToken cancellationToken = default)
    {
        var image = await GetAsync(reference, cancellationToken).ConfigureAwait(false);
        if (fromHosts) await RemoveFromHostsAsync(image, cancellationToken).ConfigureAwait(false);
        try
        {
            var layout = await OciLayout.OpenAsync(_folder, cancellationToken).ConfigureAwait(false);
            await layout.RemoveAsync(image.Reference, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, image.Reference, _folder);
        }

        return image;
    }

    /// <summary>The image with a way to read its disk.</summary>
    public ImageContent Open(StratusImage image) => Open(image.ToDescriptor());

    internal ImageContent Open(ImageDescriptor image) => new NearestImageContent(new StoredImageContent(_folder, image), _hosts);

    private static FileStream OpenSource(string path)
    {
        // Asked before opening, because opening a pipe would wait for its writer.
        var file = new FileInfo(path);
        if (Directory.Exists(path)) throw new InvalidInputException("InvalidImageFile", $"'{path}' is a folder; the disk file is needed.", "Path") { Resource = path };
        if (!file.Exists) throw new InvalidInputException("ImageFileNotFound", $"There is no file '{path}'.", "Path") { Resource = path };
        if (file.Length == 0) throw new InvalidInputException("InvalidImageFile", $"'{path}' is empty or no regular file.", "Path") { Resource = path };
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
    }

    private async Task<StratusImage> StoreAsync(
        ImagePublication publication, FileStream source, DiskFile disk, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        PrivateFolder.Ensure(_folder);
        var layout = await OciLayout.OpenAsync(_folder, cancellationToken).ConfigureAwait(false);
        var total = source.Length;
        var relay = progress is null ? null : new TransferRelay(progress, publication.Name, new ByteSize(total));
        using var stagedDisk = await layout.StageAsync(source, ImageMediaTypes.Of(disk.Format), relay, cancellationToken).ConfigureAwait(false);
        if (stagedDisk.Descriptor.Size != total)
            throw new InvalidInputException("InvalidImageFile", "The file changed while it was read. Stop what writes to it and try again.", "Path");

        var metadata = new ImageMetadata
        {
            Name = publication.Name,
            Version = publication.Version,
            Title = publication.Title,
            Description = publication.Description,
            Architecture = ImageMetadata.GoArchitectureOf(publication.Architecture),
            Firmware = publication.Firmware ?? disk.Firmware,
            DefaultUser = publication.DefaultUser,
            Format = disk.Format,
            VirtualSize = disk.VirtualSize.Bytes,
            Creator = publication.Creator ?? _owner,
            Created = _clock.GetUtcNow(),
            ValidUntil = publication.ValidUntil,
            Kind = publication.Kind,
            Os = publication.Os,
            InboundPorts = publication.InboundPorts is [] ? null : publication.InboundPorts,
            Parent = publication.Parent,
            Labels = publication.Labels.Count == 0 ? null : publication.Labels,
            Rootfs = new([stagedDisk.Descriptor.Digest.ToString()]),
        };

        // What was published before keeps its date and with it its digest; writing it again mends a damaged disk.
        var known = (await ReadAllAsync(cancellationToken).ConfigureAwait(false)).Images.Find(i => i.Name == metadata.Name && i.Version == metadata.Version);
        if (known is not null && metadata with { Created = known.CreatedAt } is var same && await IsConfigOfAsync(layout, known, same, cancellationToken).ConfigureAwait(false)) metadata = same;

        using var json = new MemoryStream(metadata.ToJson(), writable: false);
        using var stagedConfig = await layout.StageAsync(json, ImageMediaTypes.Metadata, null, cancellationToken).ConfigureAwait(false);
        var layer = stagedDisk.Descriptor with
        {
            Annotations = new Dictionary<string, string> { [OciAnnotations.Title] = $"{metadata.Name}-{metadata.Version}.{(disk.Format == DiskFormat.Raw ? "raw" : "qcow2")}" },
        };
        var manifest = new OciManifest
        {
            ArtifactType = ImageMediaTypes.Artifact,
            Config = stagedConfig.Descriptor,
            Layers = [layer],
            Annotations = metadata.ToAnnotations(),
        };
        var committed = await layout.CommitAsync(manifest, $"{metadata.Name}:{metadata.Version}", [stagedDisk, stagedConfig], null, cancellationToken).ConfigureAwait(false);
        await _seen.RecordAsync(committed.Digest.ToString(), publication.Path, cancellationToken).ConfigureAwait(false);
        return metadata.ToImage(committed.Digest, layer);
    }

    private static async Task<bool> IsConfigOfAsync(OciLayout layout, StratusImage image, ImageMetadata metadata, CancellationToken cancellationToken)
    {
        var manifest = await layout.ReadManifestAsync(OciDigest.Parse(image.Digest), cancellationToken).ConfigureAwait(false);
        return manifest.Config.Digest == OciDigest.FromSha256(SHA256.HashData(metadata.ToJson()));
    }

    // One that is damaged is told of and does not stop the others.
    private async Task<(List<StratusImage> Images, List<DamagedImage> Damaged)> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_folder)) return ([], []);
        try
        {
            var layout = await OciLayout.OpenAsync(_folder, cancellationToken).ConfigureAwait(false);
            var (images, damaged) = (new List<StratusImage>(), new List<DamagedImage>());
            foreach (var entry in (await layout.ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Manifests)
            {
                // Other tools may keep other artifacts in the same layout.
                if (entry.MediaType != OciMediaTypes.Manifest || entry.ArtifactType is not (null or ImageMediaTypes.Artifact)) continue;
                try
                {
                    if (await StoredImage.ReadAsync(layout, entry.Digest, cancellationToken).ConfigureAwait(false) is { } image) images.Add(image);
                }
                catch (Exception e) when (e is OciException or JsonException)
                {
                    damaged.Add(new DamagedImage(entry, e));
                }
            }

            return ([.. images.OrderBy(i => i.Name, StringComparer.Ordinal).ThenBy(i => i.Version, StringComparer.Ordinal)], damaged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, _folder, _folder);
        }
    }

    private async Task RemoveFromHostsAsync(StratusImage image, CancellationToken cancellationToken)
    {
        if ((await ReadAllAsync(cancellationToken).ConfigureAwait(false)).Images.Exists(i => i.DiskDigest == image.DiskDigest && i.Digest != image.Digest)) return;
        var removals = new List<Task<StratusException?>>();
        await foreach (var host in _hosts.ListAsync(cancellationToken).ConfigureAwait(false))
            if (_hosts.ProviderOf(host) is IImageHost provider and IComputeProvider { Capabilities: var can } && can.HasFlag(ProviderCapabilities.Images)) removals.Add(RemoveFromHostAsync(provider, host.Name, image, cancellationToken));
        if ((await Task.WhenAll(removals).ConfigureAwait(false)).FirstOrDefault(e => e is not null) is { } failure) throw failure;
    }

    private static async Task<StratusException?> RemoveFromHostAsync(IImageHost provider, string host, StratusImage image, CancellationToken cancellationToken)
    {
        try
        {
            await provider.RemoveImageAsync(image.DiskDigest, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (StratusException e)
        {
            return new StratusException(
                "ImageNotRemoved",
                e.Kind,
                $"Image {image.Reference} could not be removed from host '{host}', so it stays in the local store too: {e.Message}",
                e) { IsTransient = e.IsTransient, Resource = image.Reference };
        }
    }
}
