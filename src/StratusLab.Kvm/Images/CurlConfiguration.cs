using System.Text;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>Writes what curl is to do as its configuration file (curl's manual, option <c>--config</c>): other users of the host do not see it, as they see arguments.</summary>
internal static class CurlConfiguration
{
    /// <summary>One GET to the standard output, that follows redirections but not out of https, and gives up a server that stalls.</summary>
    /// <param name="url">What to get.</param>
    /// <param name="authorization">Value of the Authorization header; curl does not send it to another host that it is redirected to.</param>
    /// <exception cref="InvalidInputException">The URL is not one of the web, or there are control characters.</exception>
    public static string Write(Uri url, string? authorization)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("https" or "http")) throw new InvalidInputException("InvalidImageOrigin", $"A host can fetch an image over https only, not from '{url}'.", "Origin");
        var text = new StringBuilder("fail\nsilent\nshow-error\nlocation\nmax-redirs = 5\nconnect-timeout = 20\nspeed-limit = 1\nspeed-time = 30\n");
        Add(text, "proto", url.Scheme == "https" ? "=https" : "=http,https");
        Add(text, "proto-redir", url.Scheme == "https" ? "=https" : "=http,https");
        Add(text, "url", url.AbsoluteUri);
        if (authorization is not null) Add(text, "header", $"Authorization: {authorization}");
        return text.ToString();
    }

    private static void Add(StringBuilder text, string option, string value)
    {
        if (value.Any(char.IsControl)) throw new InvalidInputException("InvalidImageOrigin", "The origin of an image, or the authorization for it, has control characters.", "Origin");
        text.Append(option).Append(" = \"").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\"\n");
    }
}
