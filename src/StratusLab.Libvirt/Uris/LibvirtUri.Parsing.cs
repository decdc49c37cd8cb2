using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StratusLab.Libvirt;

public sealed partial record LibvirtUri
{
    /// <summary>Parses a URI.</summary>
    /// <param name="text">The URI, for example <c>qemu+ssh://root@node1/system</c>.</param>
    /// <returns>The parsed URI.</returns>
    /// <exception cref="FormatException">The URI is not one that this client can use; the message names the part and what would be right.</exception>
    public static LibvirtUri Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd <= 0)
            throw Wrong(text, "it has no scheme", "write driver[+transport]://[host]/path, for example qemu:///system");

        if (text.Contains('#', StringComparison.Ordinal))
            throw Wrong(text, "a fragment (#...) means nothing in it", "remove it, or write %23 for the character itself");

        var rest = text[(schemeEnd + 3)..];
        var queryStart = rest.IndexOf('?', StringComparison.Ordinal);
        var query = queryStart < 0 ? "" : rest[(queryStart + 1)..];
        var place = queryStart < 0 ? rest : rest[..queryStart];
        var pathStart = place.IndexOf('/', StringComparison.Ordinal);
        var path = pathStart < 0 ? "" : Decode(text, "path", place[pathStart..]);
        var (user, host, port) = ParseAuthority(text, pathStart < 0 ? place : place[..pathStart]);
        var (driver, transport) = ParseScheme(text, text[..schemeEnd], host);

        if (transport is LibvirtTransport.Tcp or LibvirtTransport.Tls or LibvirtTransport.Ssh && host is null)
            host = "localhost";
        if (transport == LibvirtTransport.Unix && host is not null)
            throw Wrong(text, $"a unix socket is on this machine, so host \"{host}\" cannot be reached by it", "use +ssh, +tls or +tcp, or leave the host out");
        if (path.Length == 0 && driver is "qemu" or "test")
            throw Wrong(text, "it has no path", driver == "qemu" ? "end it in /system or /session" : "end it in /default or in the path of a file");

        var uri = new LibvirtUri(text) { Driver = driver, Transport = transport, Host = host, Port = port, User = user, Path = path };
        return uri.WithParameters(query);
    }

    private static (string Driver, LibvirtTransport Transport) ParseScheme(string text, string scheme, string? host)
    {
        var plus = scheme.IndexOf('+', StringComparison.Ordinal);
        var driver = plus < 0 ? scheme : scheme[..plus];
        if (driver.Length == 0 || !driver.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
            throw Wrong(text, $"its driver is \"{driver}\"", "a driver is letters and digits, for example qemu");
        var transport = plus < 0 ? null : scheme[(plus + 1)..];
        return (driver.ToLowerInvariant(), transport switch
        {
            null when host is null => LibvirtTransport.Unix,
            null or "tls" => LibvirtTransport.Tls,
            "unix" => LibvirtTransport.Unix,
            "tcp" => LibvirtTransport.Tcp,
            "ssh" => LibvirtTransport.Ssh,
            "libssh" or "libssh2" or "ext" => throw Wrong(text, $"transport \"{transport}\" needs libvirt's own library", "use +ssh, which runs the system's OpenSSH"),
            _ => throw Wrong(text, $"transport \"{transport}\" is not known", "the transports are unix, tcp, tls and ssh"),
        });
    }

    private static (string? User, string? Host, int? Port) ParseAuthority(string text, string authority)
    {
        string? user = null;
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            user = Decode(text, "user", authority[..at]);
            authority = authority[(at + 1)..];
            if (user.Length == 0 || user.Contains(':', StringComparison.Ordinal) || user.StartsWith('-') || user.Any(char.IsControl))
                throw Wrong(text, "its user name is empty, starts with a dash, or holds a colon", "write user@host; a password does not belong into a URI");
        }

        var host = authority;
        string? portText = null;
        if (host.StartsWith('['))
        {
            var close = host.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || (close + 1 < host.Length && host[close + 1] != ':') || !System.Net.IPAddress.TryParse(host[1..close], out _))
                throw Wrong(text, $"its host \"{host}\" is not an IPv6 address in brackets", "write for example [2001:db8::1]");
            portText = close + 1 < host.Length ? host[(close + 2)..] : null;
            host = host[1..close];
        }
        else if (host.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
        {
            portText = host[(colon + 1)..];
            host = host[..colon];
        }

        host = Decode(text, "host", host);
        if (host.StartsWith('-') || !host.All(static c => char.IsLetterOrDigit(c) || c is '-' or '.' or '_' or ':' or '%'))
            throw Wrong(text, $"\"{host}\" is not a host name or address", "a host name is letters, digits, dashes and dots and does not start with a dash");
        if (portText is not null && (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0))
            throw Wrong(text, $"its port is \"{portText}\"", "a port is a number from 1 to 65535");
        if (portText is not null && host.Length == 0)
            throw Wrong(text, "it has a port but no host", "write the host before the colon");
        return (user, host.Length == 0 ? null : host, portText is null ? null : int.Parse(portText, CultureInfo.InvariantCulture));
    }

    private static string Decode(string text, string part, string value)
    {
        for (var i = value.IndexOf('%', StringComparison.Ordinal); i >= 0; i = value.IndexOf('%', i + 1))
        {
            if (i + 2 >= value.Length || !char.IsAsciiHexDigit(value[i + 1]) || !char.IsAsciiHexDigit(value[i + 2]))
                throw Wrong(text, $"its {part} holds a % that two hexadecimal digits do not follow", "write %25 for the character itself");
        }

        var result = Uri.UnescapeDataString(value);
        return result.Any(char.IsControl) ? throw Wrong(text, $"its {part} holds a control character", "remove it") : result;
    }

    /// <summary>A password that somebody put where none belongs; the greedy end finds the last @ as the parser does.</summary>
    [GeneratedRegex(@"^(?<kept>[^:]*://[^:/@]*:)[^/]*@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Password();

    private static FormatException Wrong(string text, string what, string right)
    {
        var shown = new StringBuilder();
        foreach (var c in Password().Replace(text, "${kept}***@"))
            shown.Append(char.IsControl(c) ? '?' : c);
        return new FormatException($"\"{shown}\" is not a libvirt URI that can be used: {what}; {right}.");
    }
}
