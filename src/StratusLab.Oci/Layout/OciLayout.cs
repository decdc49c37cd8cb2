using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace StratusLab.Oci;

/// <summary>
/// A folder in OCI image layout 1.0: <c>oci-layout</c>, <c>index.json</c> and <c>blobs/</c>. Safe for several processes at once:
/// contents are staged beside the layout, and enter or leave it under a lock together with the index that speaks of them.
/// </summary>
public sealed partial class OciLayout
{
    private const string LayoutVersion = "1.0.0";

    // The specification lets registries refuse manifests above 4 MiB; an index of a large store is longer.
    private const int MaxManifest = 4 << 20;
    private const int MaxIndex = 64 << 20;

    private readonly string _index;
    private readonly string _lock;
    private readonly OciStaging _staging;

    private OciLayout(string folder)
    {
        Folder = folder;
        _index = Path.Combine(folder, "index.json");
        _lock = Path.Combine(folder, ".lock");
        _staging = new OciStaging(Path.Combine(folder, ".staging"));
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Contents that are being brought here, and outlive the process that does.</summary>
    internal string PartialFolder => Path.Combine(Folder, ".partial");

    /// <summary>Opens a layout, making it if the folder is empty or not there.</summary>
    /// <exception cref="OciException">The folder is a layout of an unknown version, or broken.</exception>
    public static async Task<OciLayout> OpenAsync(string folder, CancellationToken cancellationToken = default)
    {
        var layout = new OciLayout(Path.GetFullPath(folder));
        Directory.CreateDirectory(Path.Combine(layout.Folder, "blobs", "sha256"));
        var marker = Path.Combine(layout.Folder, "oci-layout");
        if (!File.Exists(marker) || !File.Exists(layout._index))
        {
            using (await OciLock.TakeAsync(layout._lock, cancellationToken).ConfigureAwait(false))
            {
                using var index = await layout.StageAsync(new OciIndex { Manifests = [] }, cancellationToken).ConfigureAwait(false);
                if (!File.Exists(layout._index)) index.MoveTo(layout._index);
                var content = JsonSerializer.SerializeToUtf8Bytes(new OciLayoutMarker { ImageLayoutVersion = LayoutVersion }, OciJson.Default.OciLayoutMarker);
                using var staged = await layout.StageAsync(content, cancellationToken).ConfigureAwait(false);
                staged.MoveTo(marker);
            }
        }

        var version = OciJson.Read(await ReadFileAsync(marker, MaxManifest, cancellationToken).ConfigureAwait(false), OciJson.Default.OciLayoutMarker, $"'{marker}'");
        return version.ImageLayoutVersion == LayoutVersion
            ? layout
            : throw new OciException($"'{layout.Folder}' is an OCI image layout of version {version.ImageLayoutVersion}; this program knows {LayoutVersion}.");
    }

    /// <summary>The manifests that the layout speaks of.</summary>
    /// <exception cref="OciException">The index is broken.</exception>
    public async Task<OciIndex> ReadIndexAsync(CancellationToken cancellationToken = default) =>
        OciJson.Read(await ReadFileAsync(_index, MaxIndex, cancellationToken).ConfigureAwait(false), OciJson.Default.OciIndex, $"'{_index}'");

    /// <summary>Reads a manifest, checked against its digest.</summary>
    /// <exception cref="OciException">It is not there, is not what its digest says, or is broken.</exception>
    public async Task<OciManifest> ReadManifestAsync(OciDigest digest, CancellationToken cancellationToken = default) =>
        OciJson.Read(await ReadBlobAsync(digest, cancellationToken).ConfigureAwait(false), OciJson.Default.OciManifest, $"Manifest {digest}");

    /// <summary>Reads a small content whole, checked against its digest.</summary>
    /// <exception cref="OciException">It is not there, is longer than 4 MiB, or is not what its digest says.</exception>
    public async Task<byte[]> ReadBlobAsync(OciDigest digest, CancellationToken cancellationToken = default)
    {
        var content = await ReadFileAsync(BlobPath(digest), MaxManifest, cancellationToken).ConfigureAwait(false);
        return OciContent.DigestOf(content, digest.Algorithm) == digest
            ? content
            : throw new OciException($"'{BlobPath(digest)}' is damaged: its content does not have the digest that is its name.");
    }

    /// <summary>Opens a content for reading from its beginning. Whoever needs to be sure hashes what is read.</summary>
    /// <exception cref="OciException">It is not there.</exception>
    public Stream OpenBlob(OciDigest digest)
    {
        try
        {
            return new FileStream(BlobPath(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OciException($"The layout '{Folder}' does not hold {digest}.", e);
        }
    }

    /// <summary>Writes a content beside the layout and hashes it on the way, reading it once.</summary>
    /// <param name="content">Read from where it stands to its end.</param>
    /// <param name="mediaType">What it is.</param>
    /// <param name="progress">Told the bytes done.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left.</param>
    public Task<OciStagedBlob> StageAsync(Stream content, string mediaType, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        _staging.WriteAsync(content, mediaType, progress, cancellationToken);

    /// <summary>Takes contents and their manifest into the layout under a tag, at once or not at all. A tag that exists is moved.</summary>
    /// <param name="manifest">The manifest; what it points to is staged here or already in the layout.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="staged">The contents.</param>
    /// <param name="annotations">What the index says about the manifest beside the tag.</param>
    /// <param name="cancellationToken">Stops the work before the layout is changed.</param>
    /// <returns>The manifest's descriptor in the index.</returns>
    public async Task<OciDescriptor> CommitAsync(
        OciManifest manifest,
        string tag,
        IReadOnlyCollection<OciStagedBlob> staged,
        IReadOnlyDictionary<string, string>? annotations = null,
        CancellationToken cancellationToken = default) => await CommitAsync(new RegistryManifest(manifest), tag, staged, annotations, cancellationToken).ConfigureAwait(false);

    /// <summary>The same for a manifest that exists already, which keeps its digest.</summary>
    /// <param name="document">The manifest; what it points to is staged here or already in the layout.</param>
    /// <param name="tag">The tag; null to name it by its digest only.</param>
    /// <param name="staged">The contents.</param>
    /// <param name="annotations">What the index says about the manifest beside the tag.</param>
    /// <param name="cancellationToken">Stops the work before the layout is changed.</param>
    /// <returns>The manifest's descriptor in the index.</returns>
    /// <exception cref="OciException">It is broken, or a content is missing.</exception>
    public async Task<OciDescriptor> CommitAsync(
        RegistryManifest document,
        string? tag,
        IReadOnlyCollection<OciStagedBlob> staged,
        IReadOnlyDictionary<string, string>? annotations = null,
        CancellationToken cancellationToken = default)
    {
        var manifest = document.ReadImage();
        var said = new Dictionary<string, string>(annotations ?? new Dictionary<string, string>());
        if (tag is not null) said[OciAnnotations.RefName] = tag;
        if (manifest.Subject is { } subject) said[OciAnnotations.Subject] = subject.Digest.ToString();
        var descriptor = document.Descriptor with { ArtifactType = manifest.ArtifactType, Annotations = said.Count > 0 ? said : null };

        using var stagedManifest = await StageAsync(document.Content, cancellationToken).ConfigureAwait(false);
        using (await OciLock.TakeAsync(_lock, cancellationToken).ConfigureAwait(false))
        {
            _staging.RemoveLeftovers();
            OciStaging.RemoveOld(PartialFolder);
            var index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
            var rest = index.Manifests.Where(m => tag is null ? m.Digest != descriptor.Digest : OciContent.TagOf(m) != tag).Append(descriptor).ToList();
            var manifests = await WithoutOrphansAsync(index.Manifests, rest, cancellationToken).ConfigureAwait(false);
            using var stagedIndex = await StageAsync(index with { Manifests = manifests }, cancellationToken).ConfigureAwait(false);
            foreach (var needed in manifest.Layers.Append(manifest.Config).Select(d => d.Digest))
                if (!File.Exists(BlobPath(needed)) && staged.All(b => b.Descriptor.Digest != needed))
                    throw new OciException($"The layout '{Folder}' does not hold {needed}, which the manifest points to.");

            // All is written; from here on there are only renames, which need no space. They also go over a content
            // that is there: publishing again mends a damaged one.
            foreach (var blob in staged) blob.MoveTo(BlobPath(blob.Descriptor.Digest));
            stagedManifest.MoveTo(BlobPath(descriptor.Digest));
            stagedIndex.MoveTo(_index);
            Stamp(staged);
            Collect(await UnreferencedAsync(index.Manifests, manifests, CancellationToken.None).ConfigureAwait(false));
        }

        return descriptor;
    }

    /// <summary>
    /// Takes a tag out of the layout, and with it what refers to its manifest and every content that no other manifest of the layout points to.
    /// </summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> RemoveAsync(string tag, CancellationToken cancellationToken = default) => RemoveAsync(m => OciContent.TagOf(m) == tag, cancellationToken);

    /// <summary>The same for a manifest by its digest, under whatever tags.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> RemoveAsync(OciDigest manifest, CancellationToken cancellationToken = default) => RemoveAsync(m => m.Digest == manifest, cancellationToken);

    private async Task<bool> RemoveAsync(Func<OciDescriptor, bool> unwanted, CancellationToken cancellationToken)
    {
        using (await OciLock.TakeAsync(_lock, cancellationToken).ConfigureAwait(false))
        {
            var index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
            var wanted = index.Manifests.Where(m => !unwanted(m)).ToList();
            if (wanted.Count == index.Manifests.Count) return false;
            var rest = await WithoutOrphansAsync(index.Manifests, wanted, cancellationToken).ConfigureAwait(false);
            using (var staged = await StageAsync(index with { Manifests = rest }, cancellationToken).ConfigureAwait(false)) staged.MoveTo(_index);
            Collect(await UnreferencedAsync(index.Manifests, rest, CancellationToken.None).ConfigureAwait(false));
            return true;
        }
    }

    // Only what the manifests that left the index pointed to: what other tools put into the layout stays. So does everything while one
    // of the rest is damaged, because nobody knows what it points to.
    private async Task<IEnumerable<OciDigest>> UnreferencedAsync(IReadOnlyList<OciDescriptor> before, IReadOnlyList<OciDescriptor> after, CancellationToken cancellationToken)
    {
        var gone = before.Select(m => m.Digest).Except(after.Select(m => m.Digest)).ToList();
        if (gone.Count == 0) return [];
        var (kept, all) = await ReachableAsync(after, cancellationToken).ConfigureAwait(false);
        if (!all) return [];
        var (left, _) = await ReachableAsync(before.Where(m => gone.Contains(m.Digest)), cancellationToken).ConfigureAwait(false);
        return left.Except(kept);
    }

    private async Task<(HashSet<OciDigest> Reached, bool All)> ReachableAsync(IEnumerable<OciDescriptor> roots, CancellationToken cancellationToken)
    {
        var (reached, all) = (new HashSet<OciDigest>(), true);
        var open = new Stack<OciDescriptor>(roots);
        while (open.TryPop(out var descriptor))
        {
            if (!reached.Add(descriptor.Digest) || !File.Exists(BlobPath(descriptor.Digest))) continue;
            try
            {
                foreach (var child in await ChildrenAsync(descriptor, cancellationToken).ConfigureAwait(false)) open.Push(child);
            }
            catch (OciException)
            {
                all = false;
            }
        }

        return (reached, all);
    }

    private async Task<IEnumerable<OciDescriptor>> ChildrenAsync(OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        if (descriptor.MediaType == OciMediaTypes.Index)
        {
            var content = await ReadBlobAsync(descriptor.Digest, cancellationToken).ConfigureAwait(false);
            return OciJson.Read(content, OciJson.Default.OciIndex, $"Index {descriptor.Digest}").Manifests;
        }

        if (descriptor.MediaType != OciMediaTypes.Manifest) return [];
        var manifest = await ReadManifestAsync(descriptor.Digest, cancellationToken).ConfigureAwait(false);
        return manifest.Layers.Append(manifest.Config).Concat(await UnpackedAsync(manifest.Config, cancellationToken).ConfigureAwait(false));
    }

    // Compressed layers may also be here unpacked, under the digests that the config gives.
    private async Task<IEnumerable<OciDescriptor>> UnpackedAsync(OciDescriptor config, CancellationToken cancellationToken)
    {
        if (config.MediaType != OciMediaTypes.ImageConfig || !File.Exists(BlobPath(config.Digest))) return [];
        var content = await ReadBlobAsync(config.Digest, cancellationToken).ConfigureAwait(false);
        var layers = OciJson.Read(content, OciJson.Default.OciImageConfig, $"Config {config.Digest}").Rootfs?.DiffIds ?? [];
        return layers.Select(digest => new OciDescriptor { MediaType = "application/octet-stream", Digest = digest, Size = 0 });
    }

    private void Collect(IEnumerable<OciDigest> digests)
    {
        foreach (var digest in digests)
        {
            File.Delete(BlobPath(digest));
            if (Directory.Exists(StampFolder)) File.Delete(StampPath(digest));
        }
    }

    /// <summary>Whether a content is there with the length that it should have. Its digest was verified when it came.</summary>
    public bool Holds(OciDescriptor blob) => new FileInfo(BlobPath(blob.Digest)) is { Exists: true } file && file.Length == blob.Size;

    /// <summary>Whether a part of a content has come, which the next attempt to pull it goes on from.</summary>
    public bool HasPart(OciDescriptor blob) => File.Exists(PartialBlob.PathOf(PartialFolder, blob.Digest));

    /// <summary>Opens a content's file for reading at any place.</summary>
    internal SafeFileHandle OpenBlobFile(OciDigest digest) =>
        File.OpenHandle(BlobPath(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.SequentialScan);

    private Task<OciStagedBlob> StageAsync(OciIndex index, CancellationToken cancellationToken) =>
        StageAsync(JsonSerializer.SerializeToUtf8Bytes(index, OciJson.Default.OciIndex), cancellationToken);

    private async Task<OciStagedBlob> StageAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var source = new MemoryStream(content.ToArray(), writable: false);
        return await StageAsync(source, "application/json", null, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadFileAsync(string path, int limit, CancellationToken cancellationToken)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > limit) throw new OciException($"'{path}' is {length} bytes long; at most {limit} are allowed.");
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OciException($"'{path}' is missing from the image layout.", e);
        }
    }

    private string BlobPath(OciDigest digest) => Path.Combine(Folder, "blobs", digest.Algorithm, digest.Hex);
}
