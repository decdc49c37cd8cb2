using System.Globalization;
using System.Net;
using System.Xml.Linq;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>An answer of S3.</summary>
internal sealed class S3Reply
{
    private static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    public XElement? Document { get; init; }

    /// <summary>What is sent in place of a document.</summary>
    public string? Text { get; init; }

    /// <summary>The object whose bytes are sent, and which of them.</summary>
    public (EmulatedObject Object, long Offset, long Length)? Content { get; init; }

    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public static S3Reply Nothing { get; } = new() { Status = HttpStatusCode.NoContent };

    public static S3Reply Of(string root, params object?[] content) => new() { Document = new XElement(Namespace + root, content) };

    public static XElement? E(string name, object? value) => value switch
    {
        null => null,
        DateTimeOffset time => new XElement(Namespace + name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
        bool flag => new XElement(Namespace + name, flag ? "true" : "false"),
        IFormattable number => new XElement(Namespace + name, number.ToString(null, CultureInfo.InvariantCulture)),
        _ => new XElement(Namespace + name, value),
    };

    public static XElement Group(string name, params object?[] content) => new(Namespace + name, content);
}
