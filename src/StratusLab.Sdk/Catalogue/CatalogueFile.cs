using Microsoft.Data.Sqlite;

namespace StratusLab.Sdk;

/// <summary>Whether a file is a catalogue of ours, and what it takes to make it one.</summary>
internal static class CatalogueFile
{
    // A full check of the structure takes time in proportion to the file; beyond this, damage shows where it is met.
    private const long CheckedWhole = 16 << 20;
    private const long SmallestPage = 512;

    /// <summary>Refuses what SQLite would take for empty and write over: a file shorter than its smallest page.</summary>
    public static void CheckLength(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > 0 and < SmallestPage }) throw CatalogueErrors.IsCorrupt(path);
    }

    /// <summary>Checks whose it is and how new, then brings it to the newest layout.</summary>
    public static void Prepare(SqliteConnection connection, string path)
    {
        var version = CheckOwner(connection, path);
        if (new FileInfo(path).Length <= CheckedWhole && connection.Scalar<string>("PRAGMA quick_check(1)") != "ok") throw CatalogueErrors.IsCorrupt(path);
        if (version == CatalogueSchema.Version) return;

        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);

        // Another process may have been faster.
        for (var step = (int)CheckOwner(connection, path); step < CatalogueSchema.Version; step++)
            connection.Execute(CatalogueSchema.Steps[step]);
        connection.Execute($"PRAGMA application_id = {CatalogueSchema.ApplicationId}");
        connection.Execute($"PRAGMA user_version = {CatalogueSchema.Version}");
        transaction.Commit();
    }

    private static long CheckOwner(SqliteConnection connection, string path)
    {
        // The tables first: where another process is just making them, its mark is read after them, not before.
        var tables = connection.Scalar<long>("SELECT count(*) FROM sqlite_schema");
        var application = connection.Scalar<long>("PRAGMA application_id");
        var version = connection.Scalar<long>("PRAGMA user_version");
        if (application == 0 && version == 0 && tables == 0) return 0;
        if (application != CatalogueSchema.ApplicationId) throw CatalogueErrors.IsForeign(path);
        return version <= CatalogueSchema.Version ? version : throw CatalogueErrors.IsNewer(path, version);
    }
}
