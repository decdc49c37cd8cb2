using System.Globalization;
using System.Xml;

namespace StratusLab.Ec2.Wire;

/// <summary>
/// Reads an answer once, from its beginning to its end. No DTD, no entities beyond XML's own five, nothing fetched, a limit to size and depth.
/// An element handed out by <see cref="Children"/> is consumed by one of the reading methods, or else skipped.
/// </summary>
internal sealed class Ec2XmlReader : IDisposable
{
    /// <summary>The largest answer in bytes: some ten times a page of a thousand instances with all they can carry.</summary>
    public const int MaxLength = 64 << 20;

    private const int MaxDepth = 32;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxLength,
        MaxCharactersFromEntities = 1 << 20,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    private readonly XmlReader _xml;
    private bool _unread;

    /// <summary>Opens an answer at its root element.</summary>
    /// <exception cref="XmlException">It is not XML.</exception>
    public Ec2XmlReader(Stream body)
    {
        _xml = XmlReader.Create(body, Settings);
        _xml.MoveToContent();
    }

    /// <summary>Name of the element that is next to be read.</summary>
    public string Name => _xml.LocalName;

    /// <summary>The names of the elements inside the present one, one after another.</summary>
    public ChildEnumerator Children()
    {
        _unread = false;
        if (_xml.Depth >= MaxDepth) throw new XmlException($"Element '{_xml.LocalName}' is nested more than {MaxDepth} deep.");
        var isEmpty = _xml.IsEmptyElement;
        _xml.ReadStartElement();
        return new ChildEnumerator(this, isEmpty);
    }

    public string Text()
    {
        _unread = false;
        return _xml.ReadElementContentAsString();
    }

    public int Int() => Parse<int>(static text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null, "a whole number");

    public long Long() => Parse<long>(static text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null, "a whole number");

    public double Double() => Parse<double>(static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null, "a number");

    public bool Bool() => Parse<bool>(static text => bool.TryParse(text, out var value) ? value : null, "'true' or 'false'");

    public decimal Decimal() => Parse<decimal>(static text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null, "a decimal number");

    public DateTimeOffset Time() => Parse<DateTimeOffset>(
        static text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value) ? value : null,
        "a time (ISO 8601)");

    /// <summary>The text of one element inside the present one; the others are skipped.</summary>
    public string? TextOf(string name)
    {
        string? text = null;
        foreach (var child in Children())
        {
            if (child == name) text = Text();
        }

        return text;
    }

    /// <summary>The present element's items, each read by the function given.</summary>
    public IReadOnlyList<T> Items<T>(Func<Ec2XmlReader, T> read)
    {
        List<T>? items = null;
        foreach (var child in Children())
        {
            if (child == "item") (items ??= []).Add(read(this));
        }

        return items ?? (IReadOnlyList<T>)[];
    }

    /// <summary>The present element's items, each a text.</summary>
    public IReadOnlyList<string> Texts() => Items(static xml => xml.Text());

    /// <summary>The present element as a tag set.</summary>
    public IReadOnlyDictionary<string, string> Tags()
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Children())
        {
            if (item != "item") continue;
            string key = "", value = "";
            foreach (var part in Children())
            {
                if (part == "key") key = Text();
                else if (part == "value") value = Text();
            }

            tags[key] = value;
        }

        return tags;
    }

    /// <inheritdoc/>
    public void Dispose() => _xml.Dispose();

    private T Parse<T>(Func<string, T?> parse, string wanted)
        where T : struct
    {
        var name = _xml.LocalName;
        var text = Text();
        return parse(text) ?? throw new XmlException($"Element '{name}' holds '{text}', which is not {wanted}.");
    }

    /// <summary>Goes over the elements inside one element.</summary>
    internal readonly struct ChildEnumerator(Ec2XmlReader reader, bool isEmpty)
    {
        /// <summary>The element's local name.</summary>
        public string Current => reader._xml.LocalName;

        public ChildEnumerator GetEnumerator() => this;

        /// <summary>Moves to the next element, or past the end of the one they are in.</summary>
        public bool MoveNext()
        {
            if (isEmpty) return false;
            var xml = reader._xml;
            if (reader._unread) xml.Skip();
            while (xml.MoveToContent() is not (XmlNodeType.Element or XmlNodeType.EndElement))
            {
                if (!xml.Read()) throw new XmlException("The answer ends within an element.");
            }

            reader._unread = xml.NodeType == XmlNodeType.Element;
            if (!reader._unread) xml.ReadEndElement();
            return reader._unread;
        }
    }
}
