using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Sdk;

/// <summary>Finds out in whose name somebody signed: as a pinned endorser, or certified by a pinned authority. The network is never asked.</summary>
internal sealed class PinnedEndorsers : IDisposable
{
    // What is looked at here in its own words, or does not matter once a pinned authority is in the chain.
    private const X509ChainStatusFlags Ignored = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotTimeValid;

    private readonly ILookup<string, Endorser> _holders;
    private readonly List<(Endorser Endorser, X509Certificate2 Certificate, SubjectPattern Pattern)> _authorities;
    private readonly DateTimeOffset _now;

    public PinnedEndorsers(IReadOnlyList<Endorser> endorsers, DateTimeOffset now)
    {
        _now = now;
        _holders = endorsers.Where(e => e.SubjectPattern is null).ToLookup(e => e.Certificate.Thumbprint, StringComparer.Ordinal);
        _authorities = [.. endorsers.Where(e => e.SubjectPattern is not null).Select(e => (e, X509Certificate2.CreateFromPem(e.Certificate.Pem), SubjectPattern.Parse(e.SubjectPattern!, "SubjectPattern")))];
    }

    /// <summary>Who signed.</summary>
    /// <param name="signed">What was signed.</param>
    /// <param name="evenIfExpired">Whether a certificate whose time is over will do.</param>
    public SignerIdentity Identify(SignedStatement signed, bool evenIfExpired)
    {
        var thumbprint = EndorserCertificate.ThumbprintOf(signed.Signer);
        var problem = SignatureRules.ProblemOf(signed.Signer) ?? TimeProblemOf(signed.Signer, evenIfExpired);
        if (problem is not null) return new SignerIdentity(null, [thumbprint], IsFit: false, problem);
        if (_holders[thumbprint].FirstOrDefault() is { } known) return new SignerIdentity(known, [thumbprint], IsFit: true, null);
        return IdentifyByAuthority(signed, thumbprint, evenIfExpired);
    }

    public void Dispose()
    {
        foreach (var (_, certificate, _) in _authorities) certificate.Dispose();
    }

    private SignerIdentity IdentifyByAuthority(SignedStatement signed, string thumbprint, bool evenIfExpired)
    {
        if (_authorities.Count == 0) return Unknown(NotPinned(signed));
        using var chain = new X509Chain();
        chain.ChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _now.UtcDateTime,
        };
        foreach (var authority in _authorities.DistinctBy(a => a.Endorser.Certificate.Thumbprint)) chain.ChainPolicy.CustomTrustStore.Add(authority.Certificate);
        chain.ChainPolicy.ExtraStore.AddRange(signed.Certificates);
        chain.Build(signed.Signer);
        var elements = chain.ChainElements.ToList();
        try
        {
            var subject = DistinguishedName.Of(signed.Signer.SubjectName);
            var thumbprints = elements.ConvertAll(e => EndorserCertificate.ThumbprintOf(e.Certificate));
            string? problem = null;
            for (var i = 1; i < elements.Count; i++)
            {
                var issuers = _authorities.FindAll(a => a.Endorser.Certificate.Thumbprint == thumbprints[i]);
                if (issuers.Count == 0) continue;
                if (ProblemOf(elements[..(i + 1)], evenIfExpired) is { } broken) return Unknown(broken);
                if (issuers.Find(a => a.Pattern.Matches(subject)).Endorser is { } endorser) return new SignerIdentity(endorser, thumbprints[..(i + 1)], IsFit: true, null);
                problem ??= $"its subject {subject} does not match what endorser '{issuers[0].Endorser}' stands for, {issuers[0].Pattern}";
            }

            return Unknown(problem ?? NotPinned(signed));
        }
        finally
        {
            foreach (var element in elements) element.Certificate.Dispose();
        }

        SignerIdentity Unknown(string why) => new(null, [thumbprint], IsFit: true, why);
    }

    private static string NotPinned(SignedStatement signed) =>
        signed.Signer.SubjectName.RawData.AsSpan().SequenceEqual(signed.Signer.IssuerName.RawData)
            ? "its certificate is signed by itself and not pinned"
            : "its certificate is neither pinned nor issued by a pinned authority";

    private string? ProblemOf(List<X509ChainElement> chain, bool evenIfExpired)
    {
        foreach (var (i, element) in chain.Index())
        {
            var whose = i == 0 ? string.Empty : $" (issuer {DistinguishedName.Of(element.Certificate.SubjectName)})";
            if ((TimeProblemOf(element.Certificate, evenIfExpired) ?? SignatureRules.KeyProblemOf(element.Certificate)) is { } problem) return problem + whose;
            if (i > 0 && !SignatureRules.IsAuthority(element.Certificate)) return "its certificate was issued by one who is no certification authority" + whose;
            foreach (var status in element.ChainElementStatus)
                if ((status.Status & ~Ignored) != X509ChainStatusFlags.NoError) return $"its certificate does not hold ({status.Status}){whose}";
        }

        return null;
    }

    private string? TimeProblemOf(X509Certificate2 certificate, bool evenIfExpired) =>
        evenIfExpired && _now > SignatureRules.ValidUntil(certificate) ? null : SignatureRules.TimeProblemOf(certificate, _now);
}
