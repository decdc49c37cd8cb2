using Npgsql;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The address of a shared site's database, as PostgreSQL writes it: <c>postgresql://user@host:port/database?sslmode=verify-full</c>.</summary>
internal static class DatabaseUri
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
    };

    /// <summary>Reads an address.</summary>
    /// <exception cref="InvalidInputException">It is none, or has a password; the message does not repeat it.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        // System.Uri takes no address without a host, as that of a socket is.
        var rest = text switch
        {
            _ when text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) => text["postgresql://".Length..],
            _ when text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) => text["postgres://".Length..],
            _ => throw Invalid("begins with postgresql://"),
        };
        var (address, query) = Split(rest, '?');
        var (authority, database) = Split(address, '/');
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? string.Empty : authority[..at];
        if (user.Contains(':', StringComparison.Ordinal)) throw Password();

        var builder = new NpgsqlConnectionStringBuilder();
        if (user.Length > 0) builder.Username = Uri.UnescapeDataString(user);
        var (host, port) = SplitPort(authority[(at + 1)..]);
        if (host.Length > 0) builder.Host = Uri.UnescapeDataString(host);
        if (port.Length > 0) Set(builder, "port", port);
        if (database.Length > 0) builder.Database = Uri.UnescapeDataString(database);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(pair, '=');
            if (name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Equals("pwd", StringComparison.OrdinalIgnoreCase)) throw Password();
            Set(builder, name, Uri.UnescapeDataString(value));
        }

        return builder.Host is { Length: > 0 } ? builder : throw Invalid("names a host, or the folder of a socket as ?host=/run/postgresql");
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        if (!Options.TryGetValue(name, out var key)) throw Invalid($"has only these options: {string.Join(", ", Options.Keys)}");
        try
        {
            builder[key] = key == "SSL Mode" ? value.Replace("-", string.Empty, StringComparison.Ordinal) : value;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw Invalid($"has a good value for '{name}'");
        }
    }

    private static (string Host, string Port) SplitPort(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end) return (text[1..end], text[(end + 1)..].TrimStart(':'));
        return Split(text, ':');
    }

    private static (string Before, string After) Split(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var place ? (text[..place], text[(place + 1)..]) : (text, string.Empty);

    private static InvalidInputException Password() => new(
        "SiteDatabasePassword",
        "The address of the site's database has a password, which others can see there. Leave it out, and put it into ~/.pgpass or the file that PGPASSFILE names.",
        "STRATUS_SITE");

    private static InvalidInputException Invalid(string rule) => new(
        "InvalidSiteDatabase", $"The address of the site's database is not valid: it {rule}. An example: postgresql://stratus@db.example.org/stratus", "STRATUS_SITE");
}
