using System.Data.Common;

namespace StratusLab.Sdk;

/// <summary>The catalogue's tables in a schema of their own in PostgreSQL, of the same steps as the file has.</summary>
internal static class PostgresSchema
{
    public const string Name = "stratuslab";

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
        var version = 0L;
        if (c.Scalar<bool>($"SELECT to_regclass('{Name}.catalogue') IS NOT NULL")) version = ReadVersion(c, location);
        else if (c.Scalar<bool>($"SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('{Name}'))")) throw CatalogueErrors.IsForeign(location);
        else c.Execute(Beginning);
        if (version == CatalogueSchema.Version) return;
        for (var step = (int)version; step < CatalogueSchema.Version; step++) c.Execute(Translate(CatalogueSchema.Steps[step]));
        c.Execute(
            "INSERT INTO catalogue (id, application, version) VALUES (1, @application, @version) ON CONFLICT (id) DO UPDATE SET version = @version",
            ("@application", (long)CatalogueSchema.ApplicationId),
            ("@version", (long)CatalogueSchema.Version));
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
