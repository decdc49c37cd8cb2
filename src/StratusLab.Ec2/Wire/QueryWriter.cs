using System.Globalization;

namespace StratusLab.Ec2.Wire;

/// <summary>
/// Collects the parameters of one request of the EC2 Query protocol: flat names, a member after a dot, items of a list counted from 1,
/// as in <c>TagSpecification.1.Tag.2.Key</c>. What is null or empty is left out.
/// </summary>
internal sealed class QueryWriter
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);
    private string _prefix = "";

    /// <summary>The parameters so far.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _parameters;

    public void Add(string name, string? value)
    {
        if (value is not null) _parameters.Add(_prefix + name, value);
    }

    public void Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, double? value) => Add(name, value?.ToString("R", CultureInfo.InvariantCulture));

    public void Add(string name, bool? value) => Add(name, value switch { true => "true", false => "false", null => null });

    public void Add(string name, DateTimeOffset? value) =>
        Add(name, value?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

    public void Add(string name, IQueryObject? value)
    {
        if (value is not null) Within(name, value);
    }

    public void Add(string name, IEnumerable<string> values)
    {
        var index = 0;
        foreach (var value in values) Add(Indexed(name, ++index), value);
    }

    public void Add(string name, IEnumerable<IQueryObject> values)
    {
        var index = 0;
        foreach (var value in values) Within(Indexed(name, ++index), value);
    }

    /// <summary>Adds tags as <c>name.N.Key</c> and <c>name.N.Value</c>.</summary>
    public void AddTags(string name, IEnumerable<KeyValuePair<string, string>> tags)
    {
        var index = 0;
        foreach (var (key, value) in tags)
        {
            var item = Indexed(name, ++index);
            Add(item + ".Key", key);
            Add(item + ".Value", value);
        }
    }

    private static string Indexed(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}.{index}");

    private void Within(string name, IQueryObject value)
    {
        var outer = _prefix;
        _prefix = $"{outer}{name}.";
        value.Write(this);
        _prefix = outer;
    }
}
