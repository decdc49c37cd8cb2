using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// Which subjects are meant: parts of a distinguished name in the order of RFC 4514, whose values may have <c>*</c> and <c>?</c>,
/// as in <c>CN=*,OU=Physics,O=Lab,C=CH</c>. A wildcard never reaches beyond its part; a part that is only <c>*</c> stands for any parts.
/// </summary>
internal sealed class SubjectPattern
{
    private const int MaxLength = 1000;
    private readonly List<List<DistinguishedName.Attribute>?> _parts;
    private readonly string _text;

    private SubjectPattern(string text, List<List<DistinguishedName.Attribute>?> parts)
    {
        _text = text;
        _parts = parts;
    }

    /// <summary>Whether a text is meant as one, and not as a name or thumbprint.</summary>
    public static bool LooksLike(string text) => text.Contains('=', StringComparison.Ordinal) || text.Trim() == "*";

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidSubjectPattern</c>.</exception>
    public static SubjectPattern Parse(string text, string field)
    {
        if (text.Length > MaxLength) throw Invalid($"it is longer than {MaxLength} characters");
        if (text.StartsWith('/')) throw Invalid("it is in the form of OpenSSL and grid tools; write the most specific part first, with commas");
        var parts = new List<List<DistinguishedName.Attribute>?>();
        foreach (var part in Split(text, ','))
            parts.Add(part.Trim() == "*" ? null : [.. Split(part, '+').Select(Attribute)]);
        return new SubjectPattern(text, parts);

        DistinguishedName.Attribute Attribute(string assertion)
        {
            var at = assertion.IndexOf('=', StringComparison.Ordinal);
            if (at < 0) throw Invalid($"'{assertion.Trim()}' is not of the form TYPE=value");
            var (type, value) = (assertion[..at].Trim(), assertion[(at + 1)..].Trim());
            var identifier = type.Contains('.', StringComparison.Ordinal) ? type : DistinguishedName.IdentifierOf(type);
            if (identifier is null) throw Invalid($"'{type}' is no known type of name; CN, OU, O, L, ST, C, DC, E and UID are, and object identifiers");
            return value.Length > 0 ? new DistinguishedName.Attribute(identifier, value) : throw Invalid($"{type} has no value");
        }

        InvalidInputException Invalid(string why) => new(
            "InvalidSubjectPattern",
            $"'{ImageReference.Printable(text)}' is not a pattern for subjects: {why}. One is written as in CN=*,OU=Physics,O=Lab,C=CH.",
            field);
    }

    public bool Matches(DistinguishedName name) => Matches(_parts, [.. name.Parts]);

    public override string ToString() => _text;

    private static bool Matches(ReadOnlySpan<List<DistinguishedName.Attribute>?> pattern, ReadOnlySpan<DistinguishedName.Part> parts)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] is not { } wanted)
            {
                for (var skipped = 0; skipped <= parts.Length; skipped++)
                    if (Matches(pattern[1..], parts[skipped..])) return true;
                return false;
            }

            if (parts.IsEmpty || !Matches(wanted, parts[0])) return false;
            pattern = pattern[1..];
            parts = parts[1..];
        }

        return parts.IsEmpty;
    }

    private static bool Matches(List<DistinguishedName.Attribute> wanted, DistinguishedName.Part part) =>
        wanted.Count == part.Attributes.Count
        && wanted.TrueForAll(w => part.Attributes.Any(a => a.Type == w.Type && Wildcard.Matches(w.Value, a.Value)));

    private static bool Matches(List<List<DistinguishedName.Attribute>?> pattern, ReadOnlySpan<DistinguishedName.Part> parts) =>
        Matches(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pattern), parts);

    // A backslash takes the next character as it is, here as in the wildcards.
    private static List<string> Split(string text, char separator)
    {
        var (pieces, start) = (new List<string>(), 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == separator)
            {
                pieces.Add(text[start..i]);
                start = i + 1;
            }
        }

        pieces.Add(text[start..]);
        return pieces;
    }
}
