using System.Xml;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>Opens XML that a host sent. It is not trusted: no DTD, no entities, no other resources, and a bound on what it may grow to.</summary>
internal static class HostXml
{
    private const int MaxCharacters = 16 * 1024 * 1024;

    private const int MaxDepth = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>Reads a document by a function that walks it.</summary>
    /// <exception cref="HostProtocolException">It is not XML, or not within bounds.</exception>
    public static T Read<T>(string xml, string what, Func<XmlReader, T> read)
    {
        try
        {
            using var text = new StringReader(xml);
            using var reader = XmlReader.Create(text, Settings);
            return read(reader);
        }
        catch (XmlException e)
        {
            throw new HostProtocolException("HostXmlInvalid", $"The host sent XML of {what} that cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Moves to the next node; deep nesting is an error.</summary>
    public static bool Next(this XmlReader reader) =>
        reader.Read() && (reader.Depth <= MaxDepth ? true : throw new XmlException($"Elements are nested more than {MaxDepth} deep."));
}
