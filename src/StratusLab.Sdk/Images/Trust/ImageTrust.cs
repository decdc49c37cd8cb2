using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Whom the site believes about images, what its policy is, and what follows from both for an image. It is decided anew at every launch.</summary>
public sealed class ImageTrust
{
    private readonly SiteCatalogue _catalogue;
    private readonly SeenImages _seen;
    private readonly string _folder;
    private readonly TimeProvider _clock;

    private static readonly ImageReason[] Intact = [new(ImageReasonCode.Intact, ImageReasonEffect.Permits, "Its disk in the local store is intact.")];

    internal ImageTrust(SiteCatalogue catalogue, SeenImages seen, string folder, TimeProvider clock)
    {
        _catalogue = catalogue;
        _seen = seen;
        _folder = folder;
        _clock = clock;
    }

    /// <summary>
    /// Pins an endorser: the holder of a certificate, or, with a pattern, those whom a certification authority certified. From the first one on,
    /// and unless the policy says otherwise, only endorsed images are launched.
    /// </summary>
    /// <param name="name">The name by which the site shall call them.</param>
    /// <param name="certificate">Their certificate, or the authority's.</param>
    /// <param name="subjectPattern">With an authority, whose statements count, as in <c>CN=*,OU=Physics,O=Lab,C=CH</c>; else null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidInputException">
    /// <c>InvalidName</c>, <c>InvalidSubjectPattern</c>; <c>InvalidEndorserCertificate</c>: it has expired, is too weak, or is not for signing.
    /// </exception>
    /// <exception cref="StratusException"><c>EndorserAlreadyExists</c>.</exception>
    public Task<Endorser> AddEndorserAsync(string name, X509Certificate2 certificate, string? subjectPattern = null, CancellationToken cancellationToken = default)
    {
        EndorserValidation.Validate(name, certificate, subjectPattern, _clock.GetUtcNow());
        var endorser = new Endorser { Name = name, Certificate = EndorserCertificate.Of(certificate), SubjectPattern = subjectPattern, AddedAt = Now() };
        var content = certificate.RawData;
        return _catalogue.WriteAsync(
            c =>
            {
                EndorserTable.Add(c, endorser, content);
                return endorser;
            },
            cancellationToken: cancellationToken);
    }

    /// <summary>The same for a certificate in a PEM or DER file.</summary>
    /// <inheritdoc cref="AddEndorserAsync(string, X509Certificate2, string?, CancellationToken)"/>
    /// <param name="name">The name by which the site shall call them.</param>
    /// <param name="certificatePath">The file of their certificate, or the authority's.</param>
    /// <param name="subjectPattern">With an authority, whose statements count; else null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidInputException"><c>CertificateFileNotFound</c>, <c>CertificateUnusable</c>.</exception>
    public async Task<Endorser> AddEndorserAsync(string name, string certificatePath, string? subjectPattern = null, CancellationToken cancellationToken = default)
    {
        using var certificate = await CertificateFile.ReadCertificateAsync(certificatePath, cancellationToken).ConfigureAwait(false);
        return await AddEndorserAsync(name, certificate, subjectPattern, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The pinned endorsers, by name.</summary>
    public async Task<IReadOnlyList<Endorser>> ListEndorsersAsync(CancellationToken cancellationToken = default) =>
        await _catalogue.ReadAsync(EndorserTable.Read, cancellationToken).ConfigureAwait(false);

    /// <summary>One endorser; names are compared without regard to case.</summary>
    /// <exception cref="StratusException"><c>EndorserNotFound</c>.</exception>
    public async Task<Endorser> GetEndorserAsync(string name, CancellationToken cancellationToken = default) =>
        Find(await ListEndorsersAsync(cancellationToken).ConfigureAwait(false), name);

    /// <summary>Takes an endorser's pin away: what they signed no longer counts, from the next launch on.</summary>
    /// <returns>The endorser that was removed.</returns>
    /// <exception cref="StratusException"><c>EndorserNotFound</c>; <c>EndorserInUse</c>: the policy speaks of it by name.</exception>
    public Task<Endorser> RemoveEndorserAsync(string name, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        c =>
        {
            var endorsers = EndorserTable.Read(c);
            var endorser = Find(endorsers, name);
            var policy = PolicyTable.Read(c, endorsers);
            if (policy.AllowEndorsers.Concat(policy.DenyEndorsers).Contains(endorser.Name, StringComparer.OrdinalIgnoreCase))
            {
                throw new StratusException(
                    "EndorserInUse", StratusErrorKind.InvalidState, $"The image policy speaks of endorser '{endorser.Name}'. Take the name out of its lists first, or put the thumbprint in its place.") { Resource = endorser.Name };
            }

            EndorserTable.Remove(c, endorser.Name);
            return endorser;
        },
        cancellationToken: cancellationToken);

    /// <summary>The policy in force. While none is set, any image may be launched that is intact, not expired and not deprecated, and needs an endorsement once an endorser is pinned.</summary>
    /// <exception cref="StratusException"><c>ImagePolicyCorrupt</c>.</exception>
    public Task<ImagePolicy> GetPolicyAsync(CancellationToken cancellationToken = default) =>
        _catalogue.ReadAsync(c => PolicyTable.Read(c, EndorserTable.Read(c)), cancellationToken);

    /// <summary>Sets the policy, whole. It holds from the next launch on.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidImagePolicy</c>: a field is wrong or contradicts another; nothing was changed.</exception>
    public Task<ImagePolicy> SetPolicyAsync(ImagePolicy policy, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        c =>
        {
            PolicyValidation.Validate(policy, EndorserTable.Read(c));
            var now = Now();
            PolicyTable.Write(c, policy, now);
            return policy with { SetAt = now };
        },
        cancellationToken: cancellationToken);

    /// <summary>Takes the policy away, so that what holds without one holds again.</summary>
    /// <returns>What holds now.</returns>
    public Task<ImagePolicy> ResetPolicyAsync(CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        c =>
        {
            PolicyTable.Remove(c);
            return PolicyTable.Read(c, EndorserTable.Read(c));
        },
        cancellationToken: cancellationToken);

    /// <summary>Vouches for an image of the local store: a signed statement is put beside it. Others' endorsements stay.</summary>
    /// <param name="image">The image.</param>
    /// <param name="signer">Who vouches.</param>
    /// <param name="validUntil">Until when; null for as long as the certificate holds.</param>
    /// <param name="reason">A remark for people; null for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidInputException"><c>InvalidStatement</c>: a text or time is wrong.</exception>
    /// <exception cref="StratusException"><c>ImageStoreCorrupt</c>: the image is damaged.</exception>
    public Task<SignedImageStatement> EndorseAsync(
        StratusImage image, ImageSigner signer, DateTimeOffset? validUntil = null, string? reason = null, CancellationToken cancellationToken = default) =>
        StateAsync(NewStatement(image, ImageStatementKind.Endorsement) with { ValidUntil = validUntil, Reason = reason }, image, signer, cancellationToken);

    /// <summary>Says of an image of the local store that it is no longer to be used: a signed statement is put beside it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="signer">Who says so.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="replacement">The image to use instead; null for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidInputException"><c>InvalidStatement</c>: a text is missing or wrong.</exception>
    /// <exception cref="StratusException"><c>ImageStoreCorrupt</c>: the image is damaged.</exception>
    public Task<SignedImageStatement> DeprecateAsync(
        StratusImage image, ImageSigner signer, string reason, string? replacement = null, CancellationToken cancellationToken = default) =>
        StateAsync(NewStatement(image, ImageStatementKind.Deprecation) with { Reason = reason, Replacement = replacement }, image, signer, cancellationToken);

    /// <summary>
    /// Decides whether an image of the local store may be launched here and now. Its manifest, config and statements are read and checked each time,
    /// its disk when its file has changed since it was last checked.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="readDisk">Read the disk in any case.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task<ImageDecision> EvaluateAsync(StratusImage image, bool readDisk = false, CancellationToken cancellationToken = default) =>
        EvaluateAsync(image.ToDescriptor(), readDisk, cancellationToken);

    /// <summary>The same, for callers that go no further with an image that may not be launched.</summary>
    /// <exception cref="ImageRefusedException">It may not be launched.</exception>
    public Task<ImageDecision> RequireAsync(StratusImage image, CancellationToken cancellationToken = default) => RequireAsync(image.ToDescriptor(), cancellationToken);

    internal async Task<ImageDecision> RequireAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        var decision = await EvaluateAsync(image, readDisk: false, cancellationToken).ConfigureAwait(false);
        return decision.IsAllowed ? decision : throw new ImageRefusedException(decision);
    }

    /// <summary>What the site makes of statements, wherever they are.</summary>
    internal async Task<IReadOnlyList<StatementVerdict>> JudgeAsync(IReadOnlyList<StoredStatement> statements, CancellationToken cancellationToken)
    {
        var now = Now();
        var (endorsers, policy) = await _catalogue.ReadAsync(c => EndorserTable.Read(c) is var known ? (known, PolicyTable.Read(c, known)) : default, cancellationToken).ConfigureAwait(false);
        using var pinned = new PinnedEndorsers(endorsers, now);
        return [.. new StatementJudge(pinned, policy, now).Judge(statements).Select(s => s.Verdict)];
    }

    internal ImageStatement NewStatement(StratusImage image, ImageStatementKind kind) => new()
    {
        Kind = kind,
        ImageDigest = image.Digest,
        Name = image.Name,
        Version = image.Version,
        IssuedAt = Now(),
    };

    private static Endorser Find(IReadOnlyList<Endorser> endorsers, string name) =>
        endorsers.FirstOrDefault(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new StratusException(
            "EndorserNotFound",
            StratusErrorKind.NotFound,
            $"There is no endorser '{name}' in this site. {(endorsers.Count == 0 ? "None is pinned." : $"There are: {string.Join(", ", endorsers)}.")}") { Resource = name };

    private async Task<ImageDecision> EvaluateAsync(ImageDescriptor image, bool readDisk, CancellationToken cancellationToken)
    {
        var now = Now();
        var (endorsers, policy, seenAt) = await _catalogue.ReadAsync(
            c => EndorserTable.Read(c) is var pinned ? (pinned, PolicyTable.Read(c, pinned), SeenImages.Read(c, image.Digest)) : default, cancellationToken).ConfigureAwait(false);
        // One that is seen only now is recorded a moment after that now.
        var recorded = seenAt ?? await _seen.RecordAsync(image.Digest, null, cancellationToken).ConfigureAwait(false);
        var known = recorded < now ? recorded : now;
        try
        {
            using var evidence = await ImageEvidence.ReadAsync(_folder, image, readDisk, cancellationToken).ConfigureAwait(false);
            using var pinned = new PinnedEndorsers(endorsers, now);
            var statements = new StatementJudge(pinned, policy, now).Judge(evidence.Statements);
            return new ImageDecision
            {
                Image = image.ToString(),
                Digest = image.Digest,
                Reasons = [.. new ImageEvaluation(evidence.Image, policy, endorsers.Count > 0, known, now).Weigh(statements), .. readDisk && evidence.HasDisk ? Intact : []],
                Statements = [.. statements.Select(s => s.Verdict)],
                DecidedAt = now,
            };
        }
        catch (Exception e) when (e is OciException or JsonException)
        {
            var damage = $"{(e is JsonException ? "Its config is no image's: " : string.Empty)}{e.Message} Publish or receive the image again.";
            return new ImageDecision
            {
                Image = image.ToString(),
                Digest = image.Digest,
                Reasons = [new ImageReason(ImageReasonCode.Damaged, ImageReasonEffect.Refuses, damage)],
                Statements = [],
                DecidedAt = now,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageErrors.Translate(e, image.ToString(), _folder);
        }
    }

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

    // As the catalogue and JSON keep it.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());
}
