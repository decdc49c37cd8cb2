using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>One entry of a list of endorsers in a policy: a name, a thumbprint, or a pattern of subjects.</summary>
internal sealed class EndorserRule
{
    private const int Sha1Length = 40;
    private const int Sha256Length = 64;
    private readonly string _text;
    private readonly string? _thumbprint;
    private readonly SubjectPattern? _pattern;

    private EndorserRule(string text, string? thumbprint, SubjectPattern? pattern)
    {
        _text = text;
        _thumbprint = thumbprint;
        _pattern = pattern;
    }

    /// <summary>Whether it speaks of an endorser by name.</summary>
    public bool IsName => _thumbprint is null && _pattern is null;

    /// <summary>Reads an entry.</summary>
    /// <exception cref="InvalidInputException">It is none of the three.</exception>
    public static EndorserRule Parse(string text, string field)
    {
        if (SubjectPattern.LooksLike(text)) return new EndorserRule(text, null, SubjectPattern.Parse(text, field));
        var hex = text.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? text[7..] : text;
        hex = hex.Replace(":", string.Empty, StringComparison.Ordinal);
        if (hex.Length is Sha1Length or Sha256Length && hex.All(char.IsAsciiHexDigit))
        {
            return hex.Length == Sha256Length
                ? new EndorserRule(text, hex.ToLowerInvariant(), null)
                : throw new InvalidInputException("InvalidImagePolicy", $"{field}: '{text}' is a SHA-1 thumbprint, which can be forged. Give the SHA-256 one: openssl x509 -noout -fingerprint -sha256 -in FILE", field);
        }

        ResourceName.Validate(text, field);
        return new EndorserRule(text, null, null);
    }

    /// <summary>Whether it speaks of somebody who signed.</summary>
    public bool Matches(SignerIdentity identity, DistinguishedName subject) =>
        _thumbprint is not null ? identity.Thumbprints.Contains(_thumbprint)
        : _pattern is not null ? _pattern.Matches(subject)
        : identity.Endorser is { } endorser && IsNameOf(endorser);

    /// <summary>Whether it speaks of all that an endorser may sign.</summary>
    public bool Covers(Endorser endorser, DistinguishedName subject) =>
        _thumbprint is not null ? endorser.Certificate.Thumbprint == _thumbprint
        : _pattern is not null ? !endorser.IsAuthority && _pattern.Matches(subject)
        : IsNameOf(endorser);

    public override string ToString() => _text;

    private bool IsNameOf(Endorser endorser) => string.Equals(endorser.Name, _text, StringComparison.OrdinalIgnoreCase);
}
