using System.Security.Cryptography;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>A signed statement as an OCI artifact that refers to the image's manifest.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Layer">Points to the signed data.</param>
/// <param name="Signed">The signed data. The config is <see cref="OciEmpty"/>.</param>
internal sealed record StatementArtifact(RegistryManifest Manifest, OciDescriptor Layer, ReadOnlyMemory<byte> Signed)
{
    /// <summary>Signs a statement.</summary>
    /// <param name="statement">What is said.</param>
    /// <param name="signer">Who says it.</param>
    /// <param name="image">The image's manifest, as an index or registry points to it.</param>
    public static StatementArtifact Sign(ImageStatement statement, ImageSigner signer, OciDescriptor image) => Of(statement, signer.Sign(statement), image);

    /// <summary>Wraps a statement that is signed already.</summary>
    public static StatementArtifact Of(ImageStatement statement, ReadOnlyMemory<byte> signed, OciDescriptor image)
    {
        var layer = new OciDescriptor
        {
            MediaType = ImageMediaTypes.SignedStatement,
            Digest = OciDigest.FromSha256(SHA256.HashData(signed.Span)),
            Size = signed.Length,
        };
        var manifest = new OciManifest
        {
            ArtifactType = TypeOf(statement.Kind),
            Config = OciEmpty.Descriptor,
            Layers = [layer],
            Subject = new OciDescriptor { MediaType = image.MediaType, Digest = image.Digest, Size = image.Size },
            Annotations = new Dictionary<string, string>
            {
                [OciAnnotations.Created] = statement.IssuedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            },
        };
        return new StatementArtifact(new RegistryManifest(manifest), layer, signed);
    }

    public static string TypeOf(ImageStatementKind kind) => kind == ImageStatementKind.Endorsement ? ImageMediaTypes.Endorsement : ImageMediaTypes.Deprecation;
}
