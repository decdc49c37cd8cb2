using System.Text;
using System.Xml;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Errors;

/// <summary>What an answer with an HTTP error says.</summary>
/// <param name="Code">EC2's code; null if the answer is not of the EC2 API.</param>
/// <param name="Message">EC2's words, or what the answer begins with.</param>
/// <param name="RequestId">EC2's identity of the request.</param>
internal sealed record ErrorReply(string? Code, string Message, string? RequestId)
{
    private const int MaxLength = 64 << 10;

    /// <summary>Reads at most 64 KB of an answer; never throws for what it holds.</summary>
    public static ErrorReply Read(Stream body)
    {
        byte[] bytes;
        try
        {
            bytes = ReadHead(body);
        }
        catch (IOException)
        {
            bytes = [];
        }

        try
        {
            using var xml = new Ec2XmlReader(new MemoryStream(bytes));
            if (Parse(xml) is { Code.Length: > 0 } reply) return reply;
        }
        catch (XmlException)
        {
            // Not of the EC2 API: a proxy's or a load balancer's page.
        }

        return new ErrorReply(null, bytes.Length == 0 ? "an empty answer" : $"an answer that begins with '{ReplyParser.Printable(Encoding.UTF8.GetString(bytes))}'", null);
    }

    // <Response><Errors><Error><Code/><Message/></Error></Errors><RequestID/></Response>
    private static ErrorReply Parse(Ec2XmlReader xml)
    {
        string? code = null, requestId = null;
        var message = "";
        foreach (var part in xml.Children())
        {
            if (part is "RequestID" or "RequestId") requestId = xml.Text();
            if (part != "Errors") continue;
            foreach (var error in xml.Children())
            {
                if (error != "Error" || code is not null) continue;
                foreach (var field in xml.Children())
                {
                    if (field == "Code") code = xml.Text();
                    else if (field == "Message") message = xml.Text();
                }
            }
        }

        return new ErrorReply(code, message, requestId);
    }

    private static byte[] ReadHead(Stream body)
    {
        var buffer = new byte[MaxLength];
        return buffer[..body.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }
}
