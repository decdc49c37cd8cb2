using System.Security.Cryptography;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Makes an image of a disk file: reads it once, checks it, and takes it into the layout.</summary>
internal sealed class ImagePublisher(ImageLibrary library, SeenImages seen, string owner, TimeProvider clock)
{
    /// <summary>Does it.</summary>
    /// <param name="publication">What to say about the file, and where it came from.</param>
    /// <param name="file">The disk file.</param>
    /// <param name="known">The image that has the name and version now; null for none.</param>
    /// <param name="progress">Told the bytes read.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left.</param>
    public async Task<StratusImage> RunAsync(ImagePublication publication, string file, StratusImage? known, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var source = OpenSource(file);
        await using (source.ConfigureAwait(false))
        {
            var relay = progress is null ? null : new TransferRelay(progress, publication.Name, new ByteSize(source.Length));
            var isCompressed = await DiskCompression.IsCompressedAsync(source, cancellationToken).ConfigureAwait(false);
            var disk = isCompressed ? null : await DiskFile.DetectAsync(source, publication.Format, cancellationToken).ConfigureAwait(false);
            var layout = await library.OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
            using var plain = isCompressed
                ? await DiskCompression.UnpackAsync(layout, source, null, relay, cancellationToken).ConfigureAwait(false)
                : await StageAsync(layout, source, relay, cancellationToken).ConfigureAwait(false);
            disk ??= await DetectAsync(plain, publication.Format, cancellationToken).ConfigureAwait(false);
            if (!publication.Compress) return await CommitAsync(layout, publication, known, disk, plain, null, cancellationToken).ConfigureAwait(false);
            using var packed = await DiskCompression.PackAsync(layout, plain, ImageMediaTypes.Compressed(ImageMediaTypes.Of(disk.Format)), cancellationToken).ConfigureAwait(false);
            return await CommitAsync(layout, publication, known, disk, plain, packed, cancellationToken).ConfigureAwait(false);
        }
    }

    private static FileStream OpenSource(string path)
    {
        // Asked before opening, because opening a pipe would wait for its writer.
        var file = new FileInfo(path);
        if (Directory.Exists(path)) throw new InvalidInputException("InvalidImageFile", $"'{path}' is a folder; the disk file is needed.", "Path") { Resource = path };
        if (!file.Exists) throw new InvalidInputException("ImageFileNotFound", $"There is no file '{path}'.", "Path") { Resource = path };
        if (file.Length == 0) throw new InvalidInputException("InvalidImageFile", $"'{path}' is empty or no regular file.", "Path") { Resource = path };
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
    }

    private static async Task<DiskFile> DetectAsync(OciStagedBlob plain, DiskFormat? format, CancellationToken cancellationToken)
    {
        var content = plain.OpenRead();
        await using (content.ConfigureAwait(false))
        {
            return await DiskFile.DetectAsync(content, format, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<OciStagedBlob> StageAsync(OciLayout layout, FileStream source, TransferRelay? relay, CancellationToken cancellationToken)
    {
        var total = source.Length;
        var staged = await layout.StageAsync(source, ImageMediaTypes.RawDisk, relay, cancellationToken).ConfigureAwait(false);
        if (staged.Descriptor.Size == total) return staged;
        staged.Dispose();
        throw new InvalidInputException("InvalidImageFile", "The file changed while it was read. Stop what writes to it and try again.", "Path");
    }

    private async Task<StratusImage> CommitAsync(
        OciLayout layout, ImagePublication publication, StratusImage? known, DiskFile disk, OciStagedBlob plain, OciStagedBlob? packed, CancellationToken cancellationToken)
    {
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
            DiskSize = packed is null ? null : plain.Descriptor.Size,
            Creator = publication.Creator ?? owner,
            Created = clock.GetUtcNow(),
            ValidUntil = publication.ValidUntil,
            Kind = publication.Kind,
            Os = publication.Os,
            InboundPorts = publication.InboundPorts is [] ? null : publication.InboundPorts,
            Parent = publication.Parent,
            Labels = publication.Labels.Count == 0 ? null : publication.Labels,
            Rootfs = new([plain.Descriptor.Digest.ToString()]),
        };

        // What was published before keeps its date and with it its digest; writing it again mends a damaged disk.
        if (known is not null && metadata with { Created = known.CreatedAt } is var same && await IsConfigOfAsync(layout, known, same, cancellationToken).ConfigureAwait(false)) metadata = same;

        using var json = new MemoryStream(metadata.ToJson(), writable: false);
        using var config = await layout.StageAsync(json, ImageMediaTypes.Metadata, null, cancellationToken).ConfigureAwait(false);
        var suffix = $"{(disk.Format == DiskFormat.Raw ? "raw" : "qcow2")}{(packed is null ? string.Empty : ".gz")}";
        var layer = (packed ?? plain).Descriptor with
        {
            MediaType = packed?.Descriptor.MediaType ?? ImageMediaTypes.Of(disk.Format),
            Annotations = new Dictionary<string, string> { [OciAnnotations.Title] = $"{metadata.Name}-{metadata.Version}.{suffix}" },
        };
        var manifest = new OciManifest
        {
            ArtifactType = ImageMediaTypes.Artifact,
            Config = config.Descriptor,
            Layers = [layer],
            Annotations = metadata.ToAnnotations(),
        };
        List<OciStagedBlob> staged = packed is null ? [plain, config] : [plain, packed, config];
        var committed = await layout.CommitAsync(manifest, $"{metadata.Name}:{metadata.Version}", staged, null, cancellationToken).ConfigureAwait(false);
        await seen.RecordAsync(committed.Digest.ToString(), HttpDisk.Shown(publication.Path), cancellationToken).ConfigureAwait(false);
        return metadata.ToImage(committed.Digest, layer);
    }

    private static async Task<bool> IsConfigOfAsync(OciLayout layout, StratusImage image, ImageMetadata metadata, CancellationToken cancellationToken)
    {
        var manifest = await layout.ReadManifestAsync(OciDigest.Parse(image.Digest), cancellationToken).ConfigureAwait(false);
        return manifest.Config.Digest == OciDigest.FromSha256(SHA256.HashData(metadata.ToJson()));
    }
}
