using System.Net.Sockets;
using System.Text;

namespace StratusLab.Rig.Registries;

/// <summary>The head of an HTTP/1.1 message.</summary>
internal sealed record HttpHead(string First, IReadOnlyDictionary<string, string> Headers)
{
    private const int MaxLength = 64 << 10;

    /// <summary>Reads a head, and what has come of the body with it; null if the connection ends before.</summary>
    public static async Task<(HttpHead? Head, byte[] Body)> ReadAsync(NetworkStream stream, CancellationToken cancel)
    {
        var buffer = new byte[MaxLength];
        for (var length = 0; length < MaxLength;)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(length), cancel);
            if (count == 0)
                return (null, []);
            length += count;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end < 0)
                continue;
            var lines = Encoding.Latin1.GetString(buffer, 0, end).Split("\r\n");
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var line in lines.Skip(1))
                headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
            return (new(lines[0], headers), buffer[(end + 4)..length]);
        }

        throw new IOException("The head is too long.");
    }

    /// <summary>Writes a head that ends the connection with its message.</summary>
    public static byte[] Write(string first, IReadOnlyDictionary<string, string> headers, long? contentLength)
    {
        var text = new StringBuilder(first).Append("\r\n");
        foreach (var (name, value) in headers)
        {
            if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase) || (contentLength is not null && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
                continue;
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (contentLength is not null)
            text.Append("Content-Length: ").Append(contentLength).Append("\r\n");
        return Encoding.Latin1.GetBytes(text.Append("Connection: close\r\n\r\n").ToString());
    }
}
