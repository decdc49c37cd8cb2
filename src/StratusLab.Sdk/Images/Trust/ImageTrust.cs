using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Whom the site believes about images, and what was said about them.</summary>
public sealed class ImageTrust
{
    private readonly string _folder;
    private readonly TimeProvider _clock;

    internal ImageTrust(string folder, TimeProvider clock)
    {
        _folder = folder;
        _clock = clock;
    }

    /// <summary>Vouches for an image of the local store: a signed statement is put beside it. Others' endorsements stay.</summary>
    /// <param name="image">The image.</param>
    /// <param name="signer">Who vouches.</param>
    /// <param name="validUntil">Until when; null for as long as the certificate holds.</param>
    /// <param name="reason">A remark for people; null for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusLab.Core.InvalidInputException"><c>InvalidStatement</c>: a text or time is wrong.</exception>
    public Task<SignedImageStatement> EndorseAsync(
        StratusImage image, ImageSigner signer, DateTimeOffset? validUntil = null, string? reason = null, CancellationToken cancellationToken = default) =>
        StateAsync(NewStatement(image, ImageStatementKind.Endorsement) with { ValidUntil = validUntil, Reason = reason }, image, signer, cancellationToken);

    /// <summary>Says of an image of the local store that it is no longer to be used: a signed statement is put beside it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="signer">Who says so.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="replacement">The image to use instead; null for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusLab.Core.InvalidInputException"><c>InvalidStatement</c>: a text is missing or wrong.</exception>
    public Task<SignedImageStatement> DeprecateAsync(
        StratusImage image, ImageSigner signer, string reason, string? replacement = null, CancellationToken cancellationToken = default) =>
        StateAsync(NewStatement(image, ImageStatementKind.Deprecation) with { Reason = reason, Replacement = replacement }, image, signer, cancellationToken);

    internal ImageStatement NewStatement(StratusImage image, ImageStatementKind kind) => new()
    {
        Kind = kind,
        ImageDigest = image.Digest,
        Name = image.Name,
        Version = image.Version,
        IssuedAt = _clock.GetUtcNow(),
    };

    private async Task<SignedImageStatement> StateAsync(ImageStatement statement, StratusImage image, ImageSigner signer, CancellationToken cancellationToken)
    {
        try
        {
            var layout = await OciLayout.OpenAsync(_folder, cancellationToken).ConfigureAwait(false);
            var manifest = new RegistryManifest(OciMediaTypes.Manifest, await layout.ReadBlobAsync(OciDigest.Parse(image.Digest), cancellationToken).ConfigureAwait(false));
            var artifact = StatementArtifact.Sign(statement, signer, manifest.Descriptor);
            await StatementStore.AddAsync(layout, artifact, cancellationToken).ConfigureAwait(false);
            return new SignedImageStatement { Digest = artifact.Manifest.Descriptor.Digest.ToString(), Statement = statement, Signer = signer.Certificate };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, image.Reference, _folder);
        }
    }
}
