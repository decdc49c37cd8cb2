namespace StratusLab.Sdk;

/// <summary>Decides which statements about an image count.</summary>
internal sealed class StatementJudge(PinnedEndorsers endorsers, ImagePolicy policy, DateTimeOffset now)
{
    private readonly List<EndorserRule> _allowed = [.. policy.AllowEndorsers.Select(e => EndorserRule.Parse(e, nameof(policy.AllowEndorsers)))];
    private readonly List<EndorserRule> _denied = [.. policy.DenyEndorsers.Select(e => EndorserRule.Parse(e, nameof(policy.DenyEndorsers)))];

    public IReadOnlyList<JudgedStatement> Judge(IReadOnlyList<StoredStatement> statements)
    {
        var judged = statements.Select(Judge).ToList();
        if (policy.RequireEndorsement) return judged;

        // Where anybody's image may run, whoever vouched for it may also take that back; if nobody did, whoever says so.
        var vouching = judged
            .Where(j => j is { Verdict: { Kind: ImageStatementKind.Endorsement, Signer: not null }, IsFit: true, IsDenied: false })
            .Select(j => j.Verdict.Signer!.Thumbprint)
            .ToHashSet(StringComparer.Ordinal);
        return judged.ConvertAll(j =>
            j is { Verdict: { Kind: ImageStatementKind.Deprecation, Signer: { } signer }, IsFit: true, IsDenied: false } && (vouching.Count == 0 || vouching.Contains(signer.Thumbprint))
                ? j with { Verdict = j.Verdict with { Problem = null } }
                : j);
    }

    private JudgedStatement Judge(StoredStatement stored)
    {
        var verdict = new StatementVerdict { Digest = stored.Artifact.ToString(), Kind = stored.Kind };
        if (stored.Signed is not { } signed) return new JudgedStatement(verdict with { Problem = stored.Problem });

        // Time takes an endorsement away, but must not bring a deprecated image back.
        var identity = endorsers.Identify(signed, evenIfExpired: stored.Kind == ImageStatementKind.Deprecation);
        var subject = DistinguishedName.Of(signed.Signer.SubjectName);
        var denied = _denied.Find(r => r.Matches(identity, subject));
        verdict = verdict with
        {
            Statement = signed.Statement,
            Signer = EndorserCertificate.Of(signed.Signer),
            Endorser = identity.Endorser?.Name,
            Problem = denied is not null ? $"the policy denies its signer ({denied})"
                : identity.Problem is not null ? identity.Problem
                : _allowed.Count > 0 && !_allowed.Exists(r => r.Matches(identity, subject)) ? "its signer is not among those whom the policy allows"
                : signed.Statement.ValidUntil < now ? $"it held until {SignatureRules.Show(signed.Statement.ValidUntil.Value)}"
                : null,
        };
        return new JudgedStatement(verdict, identity.IsFit, IsDenied: denied is not null);
    }
}
