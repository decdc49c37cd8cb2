using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>The site's local image store: an OCI image layout in the folder <c>images</c>.</summary>
public sealed class ImageLibrary
{
    private readonly string _folder;
    private readonly HostRegistry _hosts;
    private readonly SeenImages _seen;
    private readonly DiskConversion _conversion;
    private readonly string _owner;
    private readonly TimeProvider _clock;

    internal ImageLibrary(string folder, HostRegistry hosts, SeenImages seen, DiskConversion conversion, string owner, TimeProvider clock)
    {
        _folder = folder;
        _hosts = hosts;
        _seen = seen;
        _conversion = conversion;
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
        ImageReference.ValidateDefaultUser(publication.DefaultUser);
        ImageReference.ValidateArchitecture(publication.Architecture);
        LabelValidation.Validate(publication.Labels);
        if (publication.InboundPorts.FirstOrDefault(p => p is < 1 or > 65535) is not 0 and var port)
            throw new InvalidInputException("InvalidPort", $"{port} is no TCP port: use 1 to 65535.", "InboundPorts");

        try
        {
            if (!HttpDisk.IsAddress(publication.Path)) return await PublishFileAsync(publication, publication.Path, progress, cancellationToken).ConfigureAwait(false);
            var disk = HttpDisk.Parse(publication.Path, publication.Checksum);
            using var source = new HttpSource(_clock);
            var layout = await OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
            var fetched = await disk.FetchAsync(source, Path.Combine(layout.Folder, ".partial"), progress, cancellationToken).ConfigureAwait(false);
            try
            {
                return await PublishFileAsync(publication, fetched, progress, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                File.Delete(fetched);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, HttpDisk.Shown(publication.Path), _folder);
        }
        catch (InvalidInputException e) when (e.Resource is null)
        {
            var path = HttpDisk.Shown(publication.Path);
            throw new InvalidInputException(e.ErrorId, $"'{path}': {e.Message}", e.Field, e) { Resource = path };
        }
    }

    /// <summary>
    /// Publishes a reference to an image that a host has itself: looks it up there now, and makes an image without a disk that names it. A name
    /// and version that already refer to images of other places then refer to this one too, as a new image.
    /// </summary>
    /// <exception cref="InvalidInputException">Name, version or another text is unusable; or the image of that name and version refers to images of another architecture or firmware (<c>ImageReferenceMismatch</c>).</exception>
    /// <exception cref="StratusException"><c>HostNotFound</c>; <c>NotSupported</c>: the host has no images of its own; <c>NativeImageNotFound</c>.</exception>
    public async Task<StratusImage> PublishReferenceAsync(ReferencePublication publication, CancellationToken cancellationToken = default)
    {
        var found = await FindNativeAsync(publication.Host, publication.Query, cancellationToken).ConfigureAwait(false);
        return await PublishReferenceAsync(publication, found, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for an image of a host that was looked up already with <see cref="FindNativeAsync"/>.</summary>
    /// <exception cref="InvalidInputException">As in the other.</exception>
    public async Task<StratusImage> PublishReferenceAsync(ReferencePublication publication, NativeImage found, CancellationToken cancellationToken = default)
    {
        ImageReference.Validate(publication.Name, publication.Version);
        if (publication.DefaultUser is { } user) ImageReference.ValidateDefaultUser(user);
        LabelValidation.Validate(publication.Labels ?? new Dictionary<string, string>());
        try
        {
            var known = (await ReadAllAsync(cancellationToken).ConfigureAwait(false)).Images.Find(i => i.Name == publication.Name && i.Version == publication.Version);
            return await new ReferencePublisher(this, _seen, _owner, _clock).RunAsync(publication, found, known, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, publication.Name, _folder);
        }
    }

    /// <summary>Looks up an image that a host has itself.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>; <c>NotSupported</c>: the host has no images of its own; <c>NativeImageNotFound</c>.</exception>
    public async Task<NativeImage> FindNativeAsync(string host, NativeImageQuery query, CancellationToken cancellationToken = default)
    {
        var provider = await _hosts.ConnectAsync(host, cancellationToken).ConfigureAwait(false);
        if (provider is not INativeImageHost native || !provider.Capabilities.HasFlag(ProviderCapabilities.NativeImages))
            throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"Host '{host}' has no images of its own that an image could refer to (capability NativeImages). Publish a disk file instead.") { Resource = host };
        return await native.FindNativeImageAsync(query, cancellationToken).ConfigureAwait(false)
            ?? throw new StratusException("NativeImageNotFound", StratusErrorKind.NotFound, $"Host '{host}' ({native.ImagePlace}) has no image that can be launched {Describe(query)}. See the identity or name and who publishes it, and that it is of that place.") { Resource = host };
    }

    private static string Describe(NativeImageQuery query) => string.Join(" and ", new[]
    {
        query.Id is { } id ? $"with the identity '{id}'" : null,
        query.Name is { } name ? $"named '{name}'" : null,
        query.Owner is { } owner ? $"published by '{owner}'" : null,
        query.Architecture is { } architecture ? $"for {architecture}" : null,
    }.OfType<string>());

    /// <summary>
    /// Takes over an image that another tool copied into a folder in OCI image layout. Its digest stays, and what was signed about it comes with it
    /// where it is there. It gets the checks of an image that is received from a marketplace.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tag">The image's tag there; null where the folder holds only one.</param>
    /// <param name="name">Its name in the store.</param>
    /// <param name="version">Its version in the store; null for what it says of itself.</param>
    /// <param name="progress">Told the bytes.</param>
    /// <param name="cancellationToken">Stops the work; nothing is kept.</param>
    /// <exception cref="InvalidInputException">Folder, tag, name or version are unusable (<c>InvalidImageLayout</c>, <c>NotAnImage</c>, <c>AmbiguousImage</c>, <c>InvalidImageName</c>), or the disk is (<c>InvalidImageFile</c>).</exception>
    /// <exception cref="StratusException"><c>ImageDamaged</c>: the folder does not hold what it should; <c>ImageStoreFull</c>.</exception>
    public async Task<StratusImage> ImportAsync(
        string folder,
        string? tag,
        string name,
        string? version = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ImageReference.Validate(name, version ?? "latest");
        try
        {
            var target = await OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
            var image = await (await LayoutSource.OpenAsync(folder, target, cancellationToken).ConfigureAwait(false)).ImportAsync(tag, name, version, progress, cancellationToken).ConfigureAwait(false);
            await _seen.RecordAsync(image.Digest, folder, cancellationToken).ConfigureAwait(false);
            return image;
        }
        catch (OciException e)
        {
            throw new StratusException("ImageDamaged", StratusErrorKind.Protocol, $"The image in '{folder}' cannot be used: {e.Message.TrimEnd('.')}. Nothing was kept. Copy it there again.", e) { Resource = folder };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageErrors.Translate(e, folder, _folder);
        }
        catch (InvalidInputException e) when (e.Resource is null)
        {
            throw new InvalidInputException(e.ErrorId, $"'{folder}' was not taken. {e.Message}", e.Field, e) { Resource = folder };
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

        var hint = reference.Contains('/', StringComparison.Ordinal) ? "An image of a marketplace has to be received first: Receive-StratusImage."
            : versions.Count > 0
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
            // Another tool may have given it a tag of another form.
            if (!await layout.RemoveAsync(image.Reference, cancellationToken).ConfigureAwait(false)) await layout.RemoveAsync(OciDigest.Parse(image.Digest), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, image.Reference, _folder);
        }

        return image;
    }

    /// <summary>The image with a way to read its disk.</summary>
    public ImageContent Open(StratusImage image) => Open(image.ToDescriptor());

    /// <summary>Finds where a host can fetch an image's disk by itself.</summary>
    internal Func<ImageDescriptor, CancellationToken, Task<RemoteBlob?>>? FindOrigin { get; set; }

    /// <summary>The store's folder.</summary>
    internal string Folder => _folder;

    /// <summary>The store itself, made if it is not there.</summary>
    internal Task<OciLayout> OpenLayoutAsync(CancellationToken cancellationToken)
    {
        PrivateFolder.Ensure(_folder);
        return OciLayout.OpenAsync(_folder, cancellationToken);
    }

    internal ImageContent Open(ImageDescriptor image) => image.HostImages is null
        ? new NearestImageContent(new StoredImageContent(_folder, image), _hosts, _conversion, FindOrigin)
        : new ReferenceContent(image);

    private async Task<StratusImage> PublishFileAsync(ImagePublication publication, string file, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var converted = await _conversion.TryConvertAsync(file, cancellationToken).ConfigureAwait(false);
        try
        {
            var known = (await ReadAllAsync(cancellationToken).ConfigureAwait(false)).Images.Find(i => i.Name == publication.Name && i.Version == publication.Version);
            var read = converted is null ? publication : publication with { Format = null };
            return await new ImagePublisher(this, _seen, _owner, _clock).RunAsync(read, converted ?? file, known, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (converted is not null) File.Delete(converted);
        }
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
                try
                {
                    if (await ReadAsync(layout, entry, cancellationToken).ConfigureAwait(false) is { } image) images.Add(image);
                }
                catch (OciException e)
                {
                    damaged.Add(new DamagedImage(entry, e));
                }
            }

            return ([.. images.DistinctBy(i => i.Reference).OrderBy(i => i.Name, StringComparer.Ordinal).ThenBy(i => i.Version, StringComparer.Ordinal)], damaged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, _folder, _folder);
        }
    }

    // Other tools may keep other artifacts in the same layout, and whoever copies an image gives it the name that it has here.
    private static async Task<StratusImage?> ReadAsync(OciLayout layout, OciDescriptor entry, CancellationToken cancellationToken)
    {
        if (entry.MediaType != OciMediaTypes.Manifest || entry.ArtifactType is not (null or ImageMediaTypes.Artifact)) return null;
        if (await ImageArtifact.ReadAsync(layout, entry.Digest, cancellationToken).ConfigureAwait(false) is not { Image: var image }) return null;
        return ImageReference.TryParse(entry.Annotations?.GetValueOrDefault(OciAnnotations.RefName)) is var (name, version) ? image with { Name = name, Version = version } : image;
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
