using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>Choosing from a list by names with wildcards, where a literal name that is not there is an error of its own.</summary>
internal static class NamePatterns
{
    /// <summary>The items that one of the patterns matches, in their order; tells each literal name that matches none.</summary>
    /// <param name="items">The list.</param>
    /// <param name="names">The names that an item goes by.</param>
    /// <param name="patterns">Names with wildcards.</param>
    /// <param name="pipeline">Where errors go.</param>
    /// <param name="notFound">Makes the error for a literal name.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<IReadOnlyList<T>> SelectAsync<T>(
        IAsyncEnumerable<T> items,
        Func<T, IEnumerable<string>> names,
        IReadOnlyCollection<string> patterns,
        IPipeline pipeline,
        Func<string, StratusException> notFound,
        CancellationToken cancellationToken)
    {
        var matchers = patterns.Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(pattern => (Text: pattern, Pattern: new WildcardPattern(pattern, WildcardOptions.IgnoreCase)))
            .ToArray();
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var chosen = new List<T>();
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var matched = matchers.Where(m => names(item).Any(m.Pattern.IsMatch)).Select(m => m.Text).ToArray();
            found.UnionWith(matched);
            if (matched.Length > 0) chosen.Add(item);
        }

        foreach (var (text, _) in matchers)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(text) && !found.Contains(text))
                await pipeline.WriteErrorAsync(notFound(text).ToErrorRecord(text)).ConfigureAwait(false);
        }

        return chosen;
    }
}
