using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace StratusLab.Oci;

/// <summary>What a registry asks for with a 401: <c>Basic</c>, or <c>Bearer</c> with the token service to go to (RFC 9110 section 11.6.1, RFC 6750 section 3).</summary>
internal sealed partial record AuthChallenge(string Scheme, string? Realm, string? Service, string? Scope)
{
    public bool IsBearer => string.Equals(Scheme, "Bearer", StringComparison.OrdinalIgnoreCase);

    /// <summary>The best challenge of an answer that can be met; null for none.</summary>
    public static AuthChallenge? Of(HttpResponseHeaders headers)
    {
        var all = headers.WwwAuthenticate.Select(Parse).ToList();
        return all.Find(c => c.IsBearer && c.Realm is not null) ?? all.Find(c => string.Equals(c.Scheme, "Basic", StringComparison.OrdinalIgnoreCase));
    }

    private static AuthChallenge Parse(AuthenticationHeaderValue header)
    {
        var values = Parameter().Matches(header.Parameter ?? string.Empty)
            .GroupBy(m => m.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => Value(g.First()), StringComparer.OrdinalIgnoreCase);
        return new AuthChallenge(header.Scheme, values.GetValueOrDefault("realm"), values.GetValueOrDefault("service"), values.GetValueOrDefault("scope"));
    }

    private static string Value(Match match) =>
        match.Groups["quoted"] is { Success: true } quoted ? Escape().Replace(quoted.Value, "${character}") : match.Groups["plain"].Value;

    [GeneratedRegex("""(?<name>[A-Za-z_-]+)\s*=\s*("(?<quoted>([^"\\]|\\.)*)"|(?<plain>[^\s,"]+))""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\\(?<character>.)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escape();
}
