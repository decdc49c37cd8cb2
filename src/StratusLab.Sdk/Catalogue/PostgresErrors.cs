using System.Data.Common;
using System.Security.Authentication;
using Npgsql;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>PostgreSQL's errors in words that say which database and what to do: what the server said apart from a broken connection.</summary>
internal static class PostgresErrors
{
    /// <summary>The database's error, if it is one. The driver stumbles over a connection that breaks while it writes to it; that is a broken connection like any other.</summary>
    public static DbException? Find(Exception e) =>
        e as DbException ?? (e is NullReferenceException { Source: "Npgsql" } ? new NpgsqlException("The connection broke while it was used", e) : null);

    /// <summary>Says what went wrong.</summary>
    /// <param name="error">The error.</param>
    /// <param name="location">The catalogue, for people.</param>
    public static StratusException Translate(DbException error, string location) => error is PostgresException said
        ? Said(said, location)
        : new HostConnectionException(
            "CatalogueConnectionFailed",
            $"The catalogue '{location}' cannot be reached, and nothing was written: {error.GetBaseException().Message.TrimEnd('.')}. {RemedyFor(error)}",
            RequestState.NotSent,
            error) { Resource = location };

    public static StratusException InDoubt(string location, DbException error) => new HostConnectionException(
        "CatalogueConnectionFailed",
        $"The connection to the catalogue '{location}' broke while a change was being kept, and the database cannot be asked whether it was. What was to follow was not done. "
        + "Look at what there is when the database is there again, and try again.",
        RequestState.Unknown,
        error) { Resource = location };

    public static StratusException SessionLost(string location) => new(
        "SiteSessionLost",
        StratusErrorKind.InvalidState,
        $"While the connection to the catalogue '{location}' was broken, another process took over what this one had under way. This one writes nothing more; open the site again.") { Resource = location };

    // Without a cause it was the driver itself that would not go on: a password is missing, or the server has no TLS.
    private static string RemedyFor(DbException error)
    {
        for (var cause = error.InnerException; cause is not null; cause = cause.InnerException)
            if (cause is AuthenticationException) return "The server's certificate is not believed: name its authority with sslrootcert, and the host as the certificate does.";
        return error.InnerException is null ? "Check the address, and the password in ~/.pgpass or the file that PGPASSFILE names." : "Try again when the database is there.";
    }

    // Codes of PostgreSQL's manual, appendix A.
    private static StratusException Said(PostgresException e, string location) => e.SqlState switch
    {
        "28P01" or "28000" => Refused(e, location, "CatalogueLoginRefused", StratusErrorKind.PermissionDenied, "refused the login", "Check the user, and the password in ~/.pgpass or the file that PGPASSFILE names."),
        "42501" => Refused(e, location, "CatalogueUnavailable", StratusErrorKind.PermissionDenied, "does not permit it", "Ask the owner of the database for the right."),
        "3D000" => Refused(e, location, "CatalogueDatabaseNotFound", StratusErrorKind.NotFound, "has no such database", "Make it with createdb, or correct the address."),
        "53100" => Refused(e, location, "CatalogueDiskFull", StratusErrorKind.NoCapacity, "has a full disk", "Nothing was written; make room and try again."),
        "55P03" or "40P01" or "40001" => new StratusException(
            "CatalogueBusy", StratusErrorKind.Timeout, $"Another process keeps the catalogue '{location}' locked. Try again when it is done.", e) { IsTransient = true, Resource = location },
        ['5', '7', 'P', ..] or ['0', '8', ..] or "53300" or "25P03" => new HostConnectionException(
            "CatalogueConnectionFailed",
            $"The server of the catalogue '{location}' is going away or takes no connections, and nothing was written: {e.MessageText}. Try again when the database is there.",
            RequestState.NotSent,
            e) { Resource = location },
        _ => Refused(e, location, "CatalogueFailed", StratusErrorKind.Failed, "failed", string.Empty),
    };

    private static HostRefusedException Refused(PostgresException e, string location, string id, StratusErrorKind kind, string what, string remedy) =>
        new(id, kind, $"The server of the catalogue '{location}' {what}: {e.MessageText} (SQLSTATE {e.SqlState}). {remedy}".TrimEnd(), e.SqlState, e) { Resource = location, HostMessage = e.MessageText };
}
