using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Whether a policy can be meant as it is written. What is refused names its field.</summary>
internal static class PolicyValidation
{
    private static readonly TimeSpan MaxQuarantine = TimeSpan.FromDays(3650);

    /// <summary>Checks every field, and the fields against each other.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidImagePolicy</c>.</exception>
    public static void Validate(ImagePolicy policy, IReadOnlyList<Endorser> endorsers)
    {
        CheckDigests(nameof(policy.AllowDigests), policy.AllowDigests);
        CheckDigests(nameof(policy.DenyDigests), policy.DenyDigests);
        var allowed = CheckEndorsers(nameof(policy.AllowEndorsers), policy.AllowEndorsers, endorsers);
        var denied = CheckEndorsers(nameof(policy.DenyEndorsers), policy.DenyEndorsers, endorsers);
        CheckLabels(nameof(policy.AllowLabels), policy.AllowLabels);
        CheckLabels(nameof(policy.DenyLabels), policy.DenyLabels);
        if (policy.Quarantine < TimeSpan.Zero || policy.Quarantine > MaxQuarantine)
            throw Invalid(nameof(policy.Quarantine), $"'{policy.Quarantine}' is not possible; use 0 to {MaxQuarantine.TotalDays:0} days");

        CheckBoth(nameof(policy.AllowDigests), policy.AllowDigests, nameof(policy.DenyDigests), policy.DenyDigests);
        CheckBoth(nameof(policy.AllowEndorsers), policy.AllowEndorsers, nameof(policy.DenyEndorsers), policy.DenyEndorsers);
        CheckBoth(
            nameof(policy.AllowLabels),
            policy.AllowLabels.Select(l => LabelRule.Parse(l).ToString()),
            nameof(policy.DenyLabels),
            policy.DenyLabels.Select(l => LabelRule.Parse(l).ToString()));
        if (!policy.RequireEndorsement && allowed.Count > 0)
            throw Invalid(nameof(policy.RequireEndorsement), $"no endorsement is required, yet {nameof(policy.AllowEndorsers)} says whose is; require one, or leave that list empty");
        CheckDenied(allowed, denied, endorsers);
    }

    private static void CheckDigests(string field, IReadOnlyList<string> digests)
    {
        foreach (var (i, digest) in digests.Index())
            if (!OciDigest.TryParse(digest, null, out _)) throw Invalid($"{field}[{i}]", $"'{ImageReference.Printable(digest)}' is no digest; one is sha256: and 64 lower-case hexadecimal digits");
    }

    private static List<EndorserRule> CheckEndorsers(string field, IReadOnlyList<string> entries, IReadOnlyList<Endorser> endorsers)
    {
        var rules = new List<EndorserRule>();
        foreach (var (i, entry) in entries.Index())
        {
            EndorserRule rule;
            try
            {
                rule = EndorserRule.Parse(entry, $"{field}[{i}]");
            }
            catch (InvalidInputException e) when (e.ErrorId == "InvalidSubjectPattern")
            {
                throw Invalid($"{field}[{i}]", e.Message.TrimEnd('.'));
            }
            catch (InvalidInputException e) when (e.ErrorId == "InvalidName")
            {
                throw Invalid($"{field}[{i}]", $"'{ImageReference.Printable(entry)}' is neither an endorser's name, nor a SHA-256 thumbprint, nor a pattern of subjects");
            }

            if (rule.IsName && !endorsers.Any(e => string.Equals(e.Name, entry, StringComparison.OrdinalIgnoreCase)))
                throw Invalid($"{field}[{i}]", $"there is no endorser '{entry}'; there {(endorsers.Count == 0 ? "are none" : $"are: {string.Join(", ", endorsers)}")}");
            rules.Add(rule);
        }

        return rules;
    }

    private static void CheckLabels(string field, IReadOnlyList<string> labels)
    {
        foreach (var (i, text) in labels.Index())
        {
            var rule = LabelRule.Parse(text);
            try
            {
                LabelValidation.Validate(new Dictionary<string, string> { [rule.Key] = rule.Value });
            }
            catch (InvalidInputException e)
            {
                throw Invalid($"{field}[{i}]", e.Message);
            }
        }
    }

    private static void CheckBoth(string field, IEnumerable<string> allowed, string otherField, IEnumerable<string> denied)
    {
        if (allowed.Intersect(denied, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } both)
            throw Invalid(field, $"'{both}' is allowed here and denied in {otherField}; take it out of one of them");
    }

    // The same endorser may be written in different ways.
    private static void CheckDenied(List<EndorserRule> allowed, List<EndorserRule> denied, IReadOnlyList<Endorser> endorsers)
    {
        foreach (var endorser in endorsers)
        {
            using var certificate = X509Certificate2.CreateFromPem(endorser.Certificate.Pem);
            var subject = DistinguishedName.Of(certificate.SubjectName);
            if (allowed.Find(r => r.Covers(endorser, subject)) is { } allow && denied.Find(r => r.Covers(endorser, subject)) is { } deny)
                throw Invalid(nameof(ImagePolicy.AllowEndorsers), $"'{allow}' allows endorser '{endorser}', whom '{deny}' in {nameof(ImagePolicy.DenyEndorsers)} denies; take out one of them");
        }
    }

    private static InvalidInputException Invalid(string field, string why) => new("InvalidImagePolicy", $"The image policy is wrong in {field}: {why}.", field);
}
