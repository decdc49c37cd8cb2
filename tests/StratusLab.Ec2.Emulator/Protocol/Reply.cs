using System.Globalization;
using System.Xml.Linq;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>Builds answers.</summary>
internal static class Reply
{
    private static readonly XNamespace Namespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

    /// <summary>An element; null content leaves it out.</summary>
    public static XElement? E(string name, object? content) => content is null ? null : new XElement(Namespace + name, Text(content));

    public static XElement E(string name, params object?[] content) => new(Namespace + name, content);

    /// <summary>A set of items.</summary>
    public static XElement Set<T>(string name, IEnumerable<T> items, Func<T, object?> content) =>
        new(Namespace + name, items.Select(item => new XElement(Namespace + "item", content(item))));

    public static XElement Tags(IReadOnlyDictionary<string, string> tags) =>
        Set("tagSet", tags.OrderBy(tag => tag.Key, StringComparer.Ordinal), tag => new object?[] { E("key", tag.Key), E("value", tag.Value) });

    public static XElement Done() => E("return", "true")!;

    private static object Text(object content) => content switch
    {
        bool value => value ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => content,
    };
}
