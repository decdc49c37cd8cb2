using System.Text.RegularExpressions;

namespace StratusLab.Oci;

/// <summary>The <c>Link</c> header that leads to the next page of a list (RFC 8288).</summary>
internal static partial class NextPage
{
    /// <summary>The address of the next page; null on the last one.</summary>
    public static string? Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        foreach (var link in links)
            if (Next().Match(link) is { Success: true } match) return match.Groups["target"].Value;
        return null;
    }

    [GeneratedRegex("""<(?<target>[^>]+)>[^,]*;\s*rel\s*=\s*"?next"?""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();
}
