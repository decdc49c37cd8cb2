using System.Xml;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Reads XML forward only, without document types, entities or anything from elsewhere.</summary>
internal static class SafeXml
{
    // 100,000 jobs are about 100 MB.
    private const long MaxCharacters = 1L << 30;

    private static readonly XmlReaderSettings Settings = new()
    {
        Async = true,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = MaxCharacters,
        CheckCharacters = false,
        CloseInput = false,
    };

    /// <summary>Opens a document, and lets it be read until its end.</summary>
    /// <exception cref="HostProtocolException"><c>GridEngineOutputInvalid</c>: it is no XML, it breaks off, or it has another root.</exception>
    public static async Task ReadAsync(string program, string root, Stream stream, Func<XmlReader, CancellationToken, Task> element, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = XmlReader.Create(stream, Settings);
            if (await reader.MoveToContentAsync().ConfigureAwait(false) is not XmlNodeType.Element || reader.LocalName != root)
                throw new HostProtocolException("GridEngineOutputInvalid", $"What {program} wrote begins with '{reader.LocalName}' and not with '{root}'.");
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await element(reader, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (XmlException e)
        {
            throw new HostProtocolException("GridEngineOutputInvalid", $"What {program} wrote is no XML that can be read: {e.Message}", e);
        }
    }

    /// <summary>The text of the element at which the reader stands, which then stands at its end. Elements in it are passed over.</summary>
    public static async Task<string> TextAsync(XmlReader reader)
    {
        if (reader.IsEmptyElement) return string.Empty;
        var depth = reader.Depth;
        var text = string.Empty;
        while (await reader.ReadAsync().ConfigureAwait(false) && reader.Depth > depth)
        {
            if (reader.Depth == depth + 1 && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text += reader.Value;
        }

        return text.Trim();
    }
}
