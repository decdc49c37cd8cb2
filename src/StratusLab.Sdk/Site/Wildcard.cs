using System.IO.Enumeration;

namespace StratusLab.Sdk;

/// <summary>Names with <c>*</c> and <c>?</c>, without regard to case.</summary>
internal static class Wildcard
{
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    public static bool Matches(string pattern, string? text) => text is not null && FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);

    /// <summary>Whether any pattern matches; no pattern at all matches everything.</summary>
    public static bool MatchesAny(IReadOnlyList<string> patterns, string text) => patterns.Count == 0 || patterns.Any(p => Matches(p, text));
}
