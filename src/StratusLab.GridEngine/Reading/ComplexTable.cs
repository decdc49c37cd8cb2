namespace StratusLab.GridEngine;

/// <summary>Grid Engine's resource attributes, from <c>qconf -sc</c>: what each is called, and whether it is counted for each slot.</summary>
internal sealed class ComplexTable
{
    private readonly Dictionary<string, (string Name, string Consumable)> _attributes = new(StringComparer.Ordinal);

    public static ComplexTable Read(string text)
    {
        var table = new ComplexTable();
        foreach (var line in text.Split('\n'))
        {
            // name shortcut type relop requestable consumable default urgency
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 8 || fields[0].StartsWith('#')) continue;
            table._attributes[fields[0]] = table._attributes[fields[1]] = (fields[0], fields[5]);
        }

        return table;
    }

    /// <summary>The full name of an attribute that may have been named by its shortcut.</summary>
    public string NameOf(string name) => _attributes.TryGetValue(name, out var attribute) ? attribute.Name : name;

    /// <summary>Whether a request for it counts once for each slot.</summary>
    public bool IsPerSlot(string name) => _attributes.TryGetValue(name, out var attribute) && attribute.Consumable == "YES";
}
