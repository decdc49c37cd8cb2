namespace StratusLab.Sdk;

/// <summary>One entry of a list of labels in a policy: <c>key</c> or <c>key=value</c> with wildcards in the value.</summary>
internal readonly record struct LabelRule(string Key, string Value)
{
    public static LabelRule Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? new LabelRule(text.Trim(), "*") : new LabelRule(text[..at].Trim(), text[(at + 1)..].Trim());
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => labels.TryGetValue(Key, out var value) && Wildcard.Matches(Value, value);

    public override string ToString() => Value == "*" ? Key : $"{Key}={Value}";
}
