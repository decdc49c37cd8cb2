using System.Globalization;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>The parameters of one request.</summary>
public sealed class QueryForm
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    private QueryForm()
    {
    }

    public string Action => this["Action"] ?? throw new Ec2FaultException("MissingAction", "The request must contain the parameter Action");

    public IEnumerable<KeyValuePair<string, string>> All => _values;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static QueryForm Parse(string body)
    {
        var form = new QueryForm();
        foreach (var pair in body.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            form._values[Decode(name)] = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
        }

        return form;
    }

    public string Required(string name) =>
        this[name] is { Length: > 0 } value ? value : throw new Ec2FaultException("MissingParameter", $"The request must contain the parameter {name}");

    public int? Int(string name) =>
        this[name] is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw new Ec2FaultException("InvalidParameterValue", $"Invalid value '{text}' for {name}. It must be an integer.");

    public bool Bool(string name) => this[name] switch
    {
        null => false,
        "true" or "True" or "1" => true,
        "false" or "False" or "0" => false,
        var text => throw new Ec2FaultException("InvalidParameterValue", $"Invalid value '{text}' for {name}. It must be a boolean."),
    };

    /// <summary>The values of <c>name.1</c>, <c>name.2</c> and so on.</summary>
    public IReadOnlyList<string> List(string name) => [.. Indices(name).Select(index => this[$"{name}.{index}"]).OfType<string>()];

    /// <summary>The parts <c>name.1.…</c>, <c>name.2.…</c>, each with names of its own.</summary>
    public IReadOnlyList<QueryForm> Parts(string name) => [.. Indices(name).Select(index => Part($"{name}.{index}"))];

    /// <summary>What is below a name.</summary>
    public QueryForm Part(string name)
    {
        var part = new QueryForm();
        foreach (var (key, value) in _values)
        {
            if (key.StartsWith(name + ".", StringComparison.Ordinal)) part._values[key[(name.Length + 1)..]] = value;
        }

        return part;
    }

    public IReadOnlyDictionary<string, string> Tags(string name = "Tag") =>
        Parts(name).ToDictionary(tag => tag.Required("Key"), tag => tag["Value"] ?? "", StringComparer.Ordinal);

    /// <summary>The tags that a creating call gives to one sort of resource.</summary>
    public Dictionary<string, string> TagsFor(string resourceType)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var specification in Parts("TagSpecification").Where(part => part["ResourceType"] == resourceType))
        {
            foreach (var (key, value) in specification.Tags()) tags[key] = value;
        }

        return tags;
    }

    /// <summary>All but what may differ between two calls that mean the same.</summary>
    public string Meaning() => string.Join('&', _values.Where(p => p.Key is not ("ClientToken" or "DryRun" or "Version")).Select(p => $"{p.Key}={p.Value}"));

    private SortedSet<int> Indices(string name)
    {
        var indices = new SortedSet<int>();
        foreach (var key in _values.Keys)
        {
            if (!key.StartsWith(name + ".", StringComparison.Ordinal)) continue;
            var rest = key.AsSpan(name.Length + 1);
            var dot = rest.IndexOf('.');
            if (int.TryParse(dot < 0 ? rest : rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var index)) indices.Add(index);
        }

        return indices;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
