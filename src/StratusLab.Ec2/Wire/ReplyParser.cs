using System.Text;
using System.Xml;

namespace StratusLab.Ec2.Wire;

/// <summary>Turns the bytes of an answer into what the caller asked for.</summary>
internal static class ReplyParser
{
    private static readonly byte[] Blank = " \t\r\n"u8.ToArray();

    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="ReplyLostException">The answer lacks its end.</exception>
    /// <exception cref="ReplyRejectedException">It is not an answer to this call.</exception>
    public static TResult Read<TResult>(Ec2Operation<TResult> operation, ReplyBody body)
    {
        var root = operation.Action + "Response";
        RequireEnd(body.Bytes, root);
        try
        {
            using var xml = new Ec2XmlReader(body.OpenRead());
            if (xml.Name != root) throw new ReplyRejectedException($"its root element is '{xml.Name}', not '{root}'");
            return operation.Read(xml);
        }
        catch (XmlException e)
        {
            throw new ReplyRejectedException(e.Message, e);
        }
    }

    // An answer cut off is told from one that is something else altogether: it may be asked for again.
    private static void RequireEnd(ReadOnlySpan<byte> bytes, string root)
    {
        bytes = bytes.Trim(Blank);
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.IsEmpty) throw new ReplyLostException("The answer is empty.");
        if (bytes.EndsWith(Encoding.ASCII.GetBytes($"</{root}>"))) return;
        var head = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 512)]);
        if (head.StartsWith("<?xml", StringComparison.Ordinal) || head.StartsWith('<' + root, StringComparison.Ordinal) || ("<" + root).StartsWith(head, StringComparison.Ordinal))
        {
            if (!head.Contains("<html", StringComparison.OrdinalIgnoreCase) && !head.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
                throw new ReplyLostException("The answer lacks its end.");
        }

        throw new ReplyRejectedException($"it is not XML of the EC2 API but begins with '{Printable(head)}'");
    }

    public static string Printable(string text)
    {
        var line = string.Concat(text.Take(80).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return text.Length > 80 ? line + "…" : line;
    }
}
