using System.Data.Common;
using System.Globalization;

namespace StratusLab.Sdk;

/// <summary>The catalogue's tables in a schema of their own in PostgreSQL, of the same steps as the file has.</summary>
internal static class PostgresSchema
{
    public const string Name = "stratuslab";

    // What is tested, and what Npgsql and the statements need at least.
    private const int OldestServer = 15;

    // Names are compared without regard to case; SQLite has lists of values as json_each, and timestamps are whole milliseconds on both.
    private const string Beginning =
        $"""
        CREATE SCHEMA IF NOT EXISTS {Name};
        CREATE COLLATION {Name}.nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE {Name}.catalogue (id BIGINT PRIMARY KEY CHECK (id = 1), application BIGINT NOT NULL, version BIGINT NOT NULL);
        CREATE TABLE {Name}.site_session (
            id       TEXT PRIMARY KEY,
            lock     INTEGER GENERATED ALWAYS AS IDENTITY UNIQUE,
            writes   BIGINT NOT NULL DEFAULT 0,
            heard_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
            ended_at TIMESTAMPTZ
        );
        CREATE FUNCTION {Name}.json_each(list TEXT) RETURNS TABLE (key BIGINT, value TEXT) LANGUAGE sql IMMUTABLE AS
            'SELECT place - 1, item FROM pg_catalog.jsonb_array_elements_text(list::jsonb) WITH ORDINALITY AS items (item, place)';
        """;

    /// <summary>Checks whose it is and how new, within a write, then brings it to the newest layout.</summary>
    public static void Prepare(DbConnection c, string location)
    {
        CheckServer(c, location);
        var version = 0L;
        if (c.Scalar<bool>($"SELECT to_regclass('{Name}.catalogue') IS NOT NULL"))
        {
            version = ReadVersion(c, location);
            RenewCollation(c);
        }
        else if (c.Scalar<bool>($"SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('{Name}'))")) throw CatalogueErrors.IsForeign(location);
        else c.Execute(Beginning);
        if (version == CatalogueSchema.Version) return;
        for (var step = (int)version; step < CatalogueSchema.Version; step++) c.Execute(Translate(CatalogueSchema.Steps[step]));
        c.Execute(
            "INSERT INTO catalogue (id, application, version) VALUES (1, @application, @version) ON CONFLICT (id) DO UPDATE SET version = @version",
            ("@application", (long)CatalogueSchema.ApplicationId),
            ("@version", (long)CatalogueSchema.Version));
    }

    private static void CheckServer(DbConnection c, string location)
    {
        // As text: 150018 is 15.18.
        var version = int.Parse(c.Scalar<string>("SELECT current_setting('server_version_num')")!, CultureInfo.InvariantCulture) / 10_000;
        if (version < OldestServer)
            throw CatalogueErrors.IsUnfit(location, $"it is PostgreSQL {version}, and a site needs {OldestServer} or newer", "Use a newer server.");
        if (c.Scalar<string>("SELECT current_setting('server_encoding')") is not "UTF8" and var encoding)
            throw CatalogueErrors.IsUnfit(location, $"the database's encoding is {encoding}, and a site needs UTF8", "Make the database with createdb --encoding=UTF8 --template=template0.");

        // A server that was built without has none at all.
        if (!c.Scalar<bool>("SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_collation WHERE collprovider = 'i')"))
            throw CatalogueErrors.IsUnfit(location, "the server was built without ICU, by which a site compares names without regard to case", "Use a server that was built --with-icu, as those of Debian, Red Hat and postgresql.org are.");
    }

    // With another release of ICU names may sort otherwise, and an index that was written before would not find them.
    private static void RenewCollation(DbConnection c)
    {
        var isNewer = c.Scalar<bool>(
            $"SELECT collversion IS DISTINCT FROM pg_collation_actual_version(oid) FROM pg_collation WHERE collname = 'nocase' AND collnamespace = to_regnamespace('{Name}')");
        if (!isNewer) return;
        foreach (var table in c.Query($"SELECT oid::regclass::text FROM pg_class WHERE relnamespace = to_regnamespace('{Name}') AND relkind = 'r' ORDER BY 1", r => r.GetString(0)))
            c.Execute($"REINDEX TABLE {table}");
        c.Execute($"ALTER COLLATION {Name}.nocase REFRESH VERSION");
    }

    private static long ReadVersion(DbConnection c, string location)
    {
        var row = c.Query("SELECT application, version FROM catalogue", r => (Application: r.GetInt64(0), Version: r.GetInt64(1)));
        if (row is not [(CatalogueSchema.ApplicationId, var version)]) throw CatalogueErrors.IsForeign(location);
        return version <= CatalogueSchema.Version ? version : throw CatalogueErrors.IsNewer(location, version);
    }

    private static string Translate(string step) => step
        .Replace(" STRICT, WITHOUT ROWID;", ";", StringComparison.Ordinal)
        .Replace(" STRICT;", ";", StringComparison.Ordinal)
        .Replace("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", StringComparison.Ordinal)
        .Replace("is_current INTEGER", "is_current BOOLEAN", StringComparison.Ordinal)
        .Replace("INTEGER", "BIGINT", StringComparison.Ordinal)
        .Replace("REAL", "DOUBLE PRECISION", StringComparison.Ordinal)
        .Replace("BLOB", "BYTEA", StringComparison.Ordinal);
}
