using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Makes an image without a disk that refers to images that hosts have themselves.</summary>
internal sealed class ReferencePublisher(ImageLibrary library, SeenImages seen, string owner, TimeProvider clock)
{
    /// <summary>Does it.</summary>
    /// <param name="publication">What to say about it.</param>
    /// <param name="found">What the host has.</param>
    /// <param name="known">The image that has the name and version now; null for none.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left.</param>
    public async Task<StratusImage> RunAsync(ReferencePublication publication, NativeImage found, StratusImage? known, CancellationToken cancellationToken)
    {
        if (known?.HostImages is null) known = null;
        if (known is not null && (known.Architecture != found.Architecture || known.Firmware != found.Firmware))
        {
            throw new InvalidInputException(
                "ImageReferenceMismatch",
                $"Image {known.Reference} refers to images for {known.Architecture} with {known.Firmware}, and {found} is for {found.Architecture} with {found.Firmware}. Give it another version.",
                "Version");
        }

        var images = new SortedDictionary<string, string>(known?.HostImages?.ToDictionary(StringComparer.Ordinal) ?? [], StringComparer.Ordinal) { [found.Place] = found.Id };
        HostImageValidation.Validate(images);
        ImageReference.ValidateArchitecture(found.Architecture);
        var labels = publication.Labels ?? known?.Labels;
        var ports = publication.InboundPorts ?? known?.InboundPorts;
        var metadata = new ImageMetadata
        {
            Name = publication.Name,
            Version = publication.Version,
            Title = publication.Title ?? known?.Title,
            Description = publication.Description ?? known?.Description ?? Describe(found),
            Architecture = ImageMetadata.GoArchitectureOf(found.Architecture),
            Firmware = found.Firmware,
            DefaultUser = publication.DefaultUser ?? known?.DefaultUser ?? "root",
            Format = DiskFormat.Raw,
            VirtualSize = Math.Max(found.VirtualSize.Bytes, known?.VirtualSize.Bytes ?? 1),
            Creator = publication.Creator ?? owner,
            Created = clock.GetUtcNow(),
            ValidUntil = publication.ValidUntil ?? known?.ValidUntil,
            InboundPorts = ports is { Count: > 0 } ? ports : null,
            Labels = labels is { Count: > 0 } ? labels : null,
            HostImages = images,
            Rootfs = new([]),
        };

        // What says nothing new keeps its date and with it its digest.
        if (known is not null && Same(metadata, known)) return known;
        var layout = await library.OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
        using var json = new MemoryStream(metadata.ToJson(), writable: false);
        using var config = await layout.StageAsync(json, ImageMediaTypes.Metadata, null, cancellationToken).ConfigureAwait(false);
        using var nothing = new MemoryStream(OciEmpty.Content.ToArray(), writable: false);
        using var layer = await layout.StageAsync(nothing, ImageMediaTypes.Reference, null, cancellationToken).ConfigureAwait(false);
        var manifest = new OciManifest { ArtifactType = ImageMediaTypes.Artifact, Config = config.Descriptor, Layers = [layer.Descriptor], Annotations = metadata.ToAnnotations() };
        var committed = await layout.CommitAsync(manifest, $"{metadata.Name}:{metadata.Version}", [layer, config], null, cancellationToken).ConfigureAwait(false);
        await seen.RecordAsync(committed.Digest.ToString(), $"{publication.Host}/{found.Id}", cancellationToken).ConfigureAwait(false);
        return metadata.ToImage(committed.Digest, layer.Descriptor);
    }

    private static string Describe(NativeImage found) => $"{found} of {found.Owner ?? "an unknown owner"}";

    private static bool Same(ImageMetadata metadata, StratusImage known) =>
        metadata.Title == known.Title && metadata.Description == known.Description && metadata.DefaultUser == known.DefaultUser && metadata.VirtualSize == known.VirtualSize.Bytes
        && metadata.Creator == known.Creator && metadata.ValidUntil == known.ValidUntil && (metadata.InboundPorts ?? []).SequenceEqual(known.InboundPorts)
        && HostImageValidation.AreSame(metadata.HostImages!, known.HostImages!) && HostImageValidation.AreSame(metadata.Labels ?? new Dictionary<string, string>(), known.Labels);
}
