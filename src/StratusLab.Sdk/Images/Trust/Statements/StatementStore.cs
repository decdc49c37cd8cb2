using System.Security.Cryptography;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>The statements beside the images of a layout.</summary>
internal static class StatementStore
{
    /// <summary>Takes a statement into the layout.</summary>
    public static async Task AddAsync(OciLayout layout, StatementArtifact artifact, CancellationToken cancellationToken)
    {
        using var config = await StageAsync(layout, OciEmpty.Content, OciMediaTypes.Empty, cancellationToken).ConfigureAwait(false);
        using var signed = await StageAsync(layout, artifact.Signed, ImageMediaTypes.SignedStatement, cancellationToken).ConfigureAwait(false);
        await layout.CommitAsync(artifact.Manifest, tag: null, [config, signed], null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The statements about an image, each checked by itself.</summary>
    /// <exception cref="OciException">One of them is damaged, or the layout is.</exception>
    public static async Task<IReadOnlyList<StoredStatement>> ReadAsync(OciLayout layout, OciDigest image, CancellationToken cancellationToken)
    {
        var statements = new List<StoredStatement>();
        foreach (var kind in Enum.GetValues<ImageStatementKind>())
            foreach (var referrer in await layout.ListReferrersAsync(image, StatementArtifact.TypeOf(kind), cancellationToken).ConfigureAwait(false))
                statements.Add(await ReadAsync(layout, referrer.Digest, kind, image, cancellationToken).ConfigureAwait(false));
        return statements;
    }

    private static async Task<StoredStatement> ReadAsync(OciLayout layout, OciDigest artifact, ImageStatementKind kind, OciDigest image, CancellationToken cancellationToken)
    {
        var manifest = await layout.ReadManifestAsync(artifact, cancellationToken).ConfigureAwait(false);
        if (manifest.Subject?.Digest != image) return new StoredStatement(artifact, kind, null, "the artifact around it is about another image");
        if (manifest.Layers is not [{ MediaType: ImageMediaTypes.SignedStatement } layer]) return new StoredStatement(artifact, kind, null, "the artifact around it does not hold one signed statement");
        return Read(artifact, kind, image, await layout.ReadBlobAsync(layer.Digest, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Checks one statement by itself.</summary>
    public static StoredStatement Read(OciDigest artifact, ImageStatementKind kind, OciDigest image, ReadOnlySpan<byte> content)
    {
        try
        {
            var signed = SignedStatement.Read(content);
            if (signed.Statement.ImageDigest == image.ToString() && signed.Statement.Kind == kind) return new StoredStatement(artifact, kind, signed, null);
            var why = signed.Statement.Kind == kind ? $"it speaks of another image, {signed.Statement.ImageDigest}" : "what was signed is no statement of this kind";
            signed.Dispose();
            return Unfit(why);
        }
        catch (CryptographicException e)
        {
            return Unfit(e.Message);
        }

        StoredStatement Unfit(string why) => new(artifact, kind, null, why);
    }

    private static async Task<OciStagedBlob> StageAsync(OciLayout layout, ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        using var source = new MemoryStream(content.ToArray(), writable: false);
        return await layout.StageAsync(source, mediaType, null, cancellationToken).ConfigureAwait(false);
    }
}
