using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Expands Slurm's short forms of many: host lists (<c>n[1-3,007],login</c>) and array tasks (<c>1-10:2,15%4</c>).</summary>
public static class SlurmRange
{
    /// <summary>The most names that one list may stand for.</summary>
    public const int MaxNames = 1 << 20;

    /// <summary>The names that a host list stands for, in its order; leading zeros are kept.</summary>
    /// <exception cref="InvalidInputException"><c>HostListInvalid</c>: a bracket is not closed, a range is none, or it stands for more than <see cref="MaxNames"/> names.</exception>
    public static IReadOnlyList<string> Expand(string hostList)
    {
        ArgumentNullException.ThrowIfNull(hostList);
        var names = new List<string>();
        foreach (var part in SplitOutsideBrackets(hostList)) AddNames(names, hostList, part);
        return names;
    }

    /// <summary>The tasks that an array still has, and how many of them may run at once.</summary>
    /// <param name="tasks">Such as <c>2-8,10%2</c>; a list that Slurm cut short ends in <c>...</c>, and what is cut off is not seen.</param>
    internal static (IReadOnlyList<long> Tasks, int? Limit) Tasks(string tasks)
    {
        var percent = tasks.IndexOf('%', StringComparison.Ordinal);
        int? limit = percent >= 0 && int.TryParse(tasks.AsSpan(percent + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var told) && told > 0 ? told : null;
        var found = new List<long>();
        foreach (var part in (percent >= 0 ? tasks[..percent] : tasks).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var step = colon > 0 && Number(part[(colon + 1)..]) is > 0 and var by ? by : 1;
            var range = (colon > 0 ? part[..colon] : part).Split('-');
            if (Number(range[0]) is not { } first) continue;
            var last = range.Length == 1 ? first : Number(range[1]);
            for (var task = first; task <= last && found.Count < MaxNames; task += step) found.Add(task);
        }

        return (found, limit);
    }

    private static void AddNames(List<string> names, string whole, string part)
    {
        var open = part.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
        {
            Add(names, whole, part);
            return;
        }

        var close = part.IndexOf(']', open);
        if (close < 0) throw Invalid(whole, $"the bracket of '{part}' is not closed");
        foreach (var range in part[(open + 1)..close].Split(','))
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var (from, to) = dash < 0 ? (range, range) : (range[..dash], range[(dash + 1)..]);
            if (Number(from) is not { } first || Number(to) is not { } last || last < first) throw Invalid(whole, $"'{range}' is no range of numbers");
            for (var number = first; number <= last; number++)
            {
                var text = number.ToString(CultureInfo.InvariantCulture).PadLeft(from.Length, '0');

                // A name may have further brackets, as rack[1-2]node[1-8] does.
                AddNames(names, whole, part[..open] + text + part[(close + 1)..]);
            }
        }
    }

    private static void Add(List<string> names, string whole, string name)
    {
        if (name.Contains(']', StringComparison.Ordinal)) throw Invalid(whole, $"the bracket of '{name}' is not opened");
        if (names.Count >= MaxNames) throw Invalid(whole[..Math.Min(whole.Length, 80)], $"it stands for more than {MaxNames} names");
        names.Add(name);
    }

    private static IEnumerable<string> SplitOutsideBrackets(string text)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '[') depth++;
            else if (text[i] == ']') depth--;
            if (text[i] != ',' || depth > 0) continue;
            if (i > start) yield return text[start..i];
            start = i + 1;
        }

        if (start < text.Length) yield return text[start..];
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static InvalidInputException Invalid(string list, string why) =>
        new("HostListInvalid", $"'{list}' is no list of nodes: {why}. Right would be n1,n[2-4].", "nodes");
}
