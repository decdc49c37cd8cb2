using System.Collections;
using System.Globalization;
using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>Labels as users write them: a hashtable.</summary>
internal static class Labels
{
    /// <summary>The labels of a hashtable; none for null.</summary>
    /// <exception cref="InvalidInputException">A name is empty.</exception>
    public static IReadOnlyDictionary<string, string> From(Hashtable? table)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (table is null) return labels;
        foreach (DictionaryEntry entry in table)
        {
            var name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture);
            if (string.IsNullOrWhiteSpace(name))
                throw new InvalidInputException("InvalidLabel", "A label needs a name: write @{ name = 'value' }.", "Label");
            labels.Add(name, Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? string.Empty);
        }

        return labels;
    }
}
