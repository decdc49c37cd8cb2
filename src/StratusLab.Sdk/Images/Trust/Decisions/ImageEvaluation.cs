namespace StratusLab.Sdk;

/// <summary>Weighs an image against the policy. Every rule is applied, so that all that stands in the way is told at once.</summary>
internal sealed class ImageEvaluation(StratusImage image, ImagePolicy policy, bool hasEndorsers, DateTimeOffset seenAt, DateTimeOffset now)
{
    private readonly List<ImageReason> _reasons = [];

    public IReadOnlyList<ImageReason> Weigh(IReadOnlyList<JudgedStatement> statements)
    {
        CheckTime();
        CheckDigest();
        CheckLabels();
        CheckEndorsements([.. statements.Where(s => s.Verdict.Kind == ImageStatementKind.Endorsement)]);
        foreach (var deprecation in statements.Select(s => s.Verdict).Where(v => v is { Kind: ImageStatementKind.Deprecation, Counts: true })) CheckDeprecation(deprecation);
        return [.. _reasons.OrderByDescending(r => r.Effect)];
    }

    private static string NameOf(StatementVerdict verdict) => verdict.Endorser is { } name ? $"{name} ({verdict.Signer!.Subject})" : verdict.Signer!.Subject;

    private void CheckTime()
    {
        if (image.ValidUntil is { } end && end < now)
            Add(ImageReasonCode.Expired, policy.AllowExpired, $"It was meant to be used until {SignatureRules.Show(end)}.");
        if (seenAt + policy.Quarantine is var free && free > now)
            Refuse(ImageReasonCode.Quarantined, $"It is in quarantine until {SignatureRules.Show(free)}: the site has known it since {SignatureRules.Show(seenAt)}, and new images wait.");
    }

    private void CheckDigest()
    {
        string[] digests = [image.Digest, image.DiskDigest];
        if (policy.DenyDigests.Intersect(digests, StringComparer.Ordinal).FirstOrDefault() is { } denied)
            Refuse(ImageReasonCode.DigestDenied, $"The policy denies the digest {denied}.");
        if (policy.AllowDigests.Count > 0 && !policy.AllowDigests.Intersect(digests, StringComparer.Ordinal).Any())
            Refuse(ImageReasonCode.DigestNotAllowed, $"Its digest {image.Digest} is not among the {policy.AllowDigests.Count} that the policy allows.");
    }

    private void CheckLabels()
    {
        foreach (var rule in policy.DenyLabels.Select(LabelRule.Parse).Where(r => r.Matches(image.Labels)))
            Refuse(ImageReasonCode.LabelDenied, $"The policy denies images with the label {rule}.");
        if (policy.AllowLabels.Count > 0 && !policy.AllowLabels.Select(LabelRule.Parse).Any(r => r.Matches(image.Labels)))
            Refuse(ImageReasonCode.LabelNotAllowed, $"It has none of the labels that the policy allows: {string.Join(", ", policy.AllowLabels)}.");
    }

    private void CheckEndorsements(List<JudgedStatement> endorsements)
    {
        foreach (var verdict in endorsements.Select(e => e.Verdict).Where(v => v.Counts))
            _reasons.Add(new ImageReason(ImageReasonCode.Endorsed, ImageReasonEffect.Permits, $"{NameOf(verdict)} vouches for it."));
        if (_reasons.Exists(r => r.Code == ImageReasonCode.Endorsed)) return;

        var problems = endorsements.Select(e => $"{e.Verdict.Signer?.Subject ?? "unknown signer"}: {e.Verdict.Problem}").Distinct(StringComparer.Ordinal).ToList();
        var why = problems.Count > 0 ? $" {string.Join("; ", problems)}." : string.Empty;

        // Also where no endorsement is needed: what a denied endorser stands behind is not wanted.
        if (endorsements.Exists(e => e.IsDenied)) Refuse(ImageReasonCode.EndorserDenied, $"Whoever vouches for it is denied.{why}");
        else if (!policy.RequireEndorsement) _reasons.Add(new ImageReason(ImageReasonCode.NotEndorsed, ImageReasonEffect.Warns, $"No pinned endorser vouches for it, and the policy does not ask for one.{why}"));
        else if (!hasEndorsers) Refuse(ImageReasonCode.NotEndorsed, $"The policy asks for the endorsement of a pinned endorser, and the site has pinned none.{why}");
        else Refuse(ImageReasonCode.NotEndorsed, problems.Count > 0 ? $"None of its endorsements counts.{why}" : "Nobody has endorsed it, and the policy asks for the endorsement of a pinned endorser.");
    }

    private void CheckDeprecation(StatementVerdict verdict)
    {
        var statement = verdict.Statement!;
        var instead = statement.Replacement is { } replacement ? $" Use {replacement} instead." : string.Empty;
        var reason = statement.Reason!.TrimEnd('.', ' ');
        Add(ImageReasonCode.Deprecated, policy.AllowDeprecated, $"{NameOf(verdict)} deprecated it on {SignatureRules.Show(statement.IssuedAt)}: {reason}.{instead}");
    }

    private void Add(ImageReasonCode code, bool isAllowed, string message) =>
        _reasons.Add(new ImageReason(code, isAllowed ? ImageReasonEffect.Warns : ImageReasonEffect.Refuses, message));

    private void Refuse(ImageReasonCode code, string message) => _reasons.Add(new ImageReason(code, ImageReasonEffect.Refuses, message));
}
