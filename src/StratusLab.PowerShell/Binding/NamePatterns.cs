using System.Management.Automation;

namespace StratusLab.PowerShell;

/// <summary>Names with wildcards, and which of them matched something: a literal name that matches nothing is an error, a wildcard is not.</summary>
internal sealed class NamePatterns
{
    private readonly (string Text, WildcardPattern Pattern)[] _patterns;
    private readonly HashSet<string> _matched = new(StringComparer.OrdinalIgnoreCase);

    public NamePatterns(IEnumerable<string> patterns) =>
        _patterns = [.. patterns.Distinct(StringComparer.OrdinalIgnoreCase).Select(text => (text, new WildcardPattern(text, WildcardOptions.IgnoreCase)))];

    /// <summary>The literal names that nothing has matched.</summary>
    public IEnumerable<string> Unmatched =>
        _patterns.Select(p => p.Text).Where(text => !WildcardPattern.ContainsWildcardCharacters(text) && !_matched.Contains(text));

    /// <summary>Whether a pattern matches one of the names that a thing goes by.</summary>
    public bool Match(params ReadOnlySpan<string> names)
    {
        var any = false;
        foreach (var (text, pattern) in _patterns)
        {
            foreach (var name in names)
            {
                if (!pattern.IsMatch(name)) continue;
                any = true;
                _matched.Add(text);
            }
        }

        return any;
    }
}
