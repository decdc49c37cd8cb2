using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>The signed statements about an image in a registry.</summary>
internal sealed class RemoteStatements(RegistryClient client, string repository)
{
    // Anybody who may write to the repository can add some: more than this is not sensible, and would hold up everybody who asks.
    public const int MaxCount = 64;
    private const int MaxLength = 256 << 10;

    /// <summary>The artifacts that hold them, as far as they are of the form that statements have.</summary>
    public async Task<IReadOnlyList<RegistryManifest>> ListAsync(OciDigest image, CancellationToken cancellationToken)
    {
        var found = new List<RegistryManifest>();
        await foreach (var referrer in client.ListReferrersAsync(repository, image, null, cancellationToken).ConfigureAwait(false))
        {
            if (KindOf(referrer.ArtifactType) is null) continue;
            var document = await client.GetManifestAsync(repository, referrer.Digest.ToString(), cancellationToken).ConfigureAwait(false);
            if (IsStatement(document, image)) found.Add(document);
            if (found.Count == MaxCount) break;
        }

        return found;
    }

    /// <summary>Reads them, each checked by itself; the caller disposes what they hold.</summary>
    public async Task<IReadOnlyList<StoredStatement>> ReadAsync(OciDigest image, CancellationToken cancellationToken)
    {
        var statements = new List<StoredStatement>();
        foreach (var document in await ListAsync(image, cancellationToken).ConfigureAwait(false))
        {
            var manifest = document.ReadImage();
            var content = await client.GetBlobAsync(repository, manifest.Layers[0], cancellationToken).ConfigureAwait(false);
            statements.Add(StatementStore.Read(document.Descriptor.Digest, KindOf(manifest.ArtifactType)!.Value, image, content));
        }

        return statements;
    }

    /// <summary>Whether an artifact is a statement about the image, by its form.</summary>
    public static bool IsStatement(RegistryManifest document, OciDigest image) =>
        document.Descriptor.MediaType == OciMediaTypes.Manifest
        && document.ReadImage() is { Layers: [{ MediaType: ImageMediaTypes.SignedStatement, Size: > 0 and <= MaxLength }], Config.Size: <= MaxLength } manifest
        && manifest.Subject?.Digest == image
        && KindOf(manifest.ArtifactType) is not null;

    private static ImageStatementKind? KindOf(string? artifactType) => artifactType switch
    {
        ImageMediaTypes.Endorsement => ImageStatementKind.Endorsement,
        ImageMediaTypes.Deprecation => ImageStatementKind.Deprecation,
        _ => null,
    };
}
