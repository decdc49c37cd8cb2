using System.Text.RegularExpressions;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>Evaluates the <c>Filter.N</c> of a request: all must hold, any value of one suffices, with <c>*</c> and <c>?</c>.</summary>
internal static class Filters
{
    /// <summary>The items that the request asks for.</summary>
    /// <param name="property">Gives the values that a resource has for a filter's name; null if there is no such filter.</param>
    public static IEnumerable<T> Apply<T>(QueryForm form, IEnumerable<T> items, Func<T, IReadOnlyDictionary<string, string>> tags, Func<T, string, IEnumerable<string?>?> property)
    {
        var filters = form.Parts("Filter").Concat(form.Parts("Filters")).Select(f => (Name: f.Required("Name"), Values: f.List("Value").Where(IsPattern).Select(Pattern).ToList(), Words: f.List("Value").Where(value => !IsPattern(value)).ToHashSet(StringComparer.Ordinal))).ToList();
        foreach (var item in items)
        {
            if (filters.TrueForAll(filter => Matches(item, filter.Name, filter.Values, filter.Words))) yield return item;
        }

        bool Matches(T item, string name, List<Regex> values, HashSet<string> words)
        {
            IEnumerable<string?> present = name.StartsWith("tag:", StringComparison.Ordinal)
                ? tags(item).TryGetValue(name[4..], out var tag) ? [tag] : []
                : name == "tag-key" ? tags(item).Keys
                : name == "tag-value" ? tags(item).Values
                : property(item, name) ?? throw new Ec2FaultException("InvalidParameterValue", $"The filter '{name}' is invalid");
            return present.OfType<string>().Any(value => words.Contains(value) || values.Exists(pattern => pattern.IsMatch(value)));
        }
    }

    private static bool IsPattern(string value) => value.AsSpan().ContainsAny('*', '?');

    private static Regex Pattern(string value) => new(
        @"\A" + Regex.Escape(value).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal) + @"\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
}
