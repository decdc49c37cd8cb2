using Microsoft.Data.Sqlite;

namespace StratusLab.Sdk;

/// <summary>Whether a file is a catalogue of ours, and what it takes to make it one.</summary>
internal static class SqliteFile
{
    // A full check of the structure takes time in proportion to the file; beyond this, damage shows where it is met.
    private const long CheckedWhole = 16 << 20;
    private const long SmallestPage = 512;

    /// <summary>Refuses what SQLite would take for empty and write over: a file shorter than its smallest page.</summary>
    public static void CheckLength(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > 0 and < SmallestPage }) throw SqliteErrors.IsCorrupt(path);
    }

    /// <summary>Makes the catalogue if there is none.</summary>
    /// <remarks>
    /// It gets its name only when it is complete, so that nobody ever meets one that another is still making. A file that has the name is
    /// never opened as a file: closing it would drop the locks that SQLite elsewhere in this process has on it (POSIX locks belong to the process).
    /// </remarks>
    public static void Ensure(string path)
    {
        if (File.Exists(path)) return;
        var fresh = $"{path}.{Guid.NewGuid():N}";
        try
        {
            PrivateFolder.CreateFile(fresh);
            var options = new SqliteConnectionStringBuilder { DataSource = fresh, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
            using (var connection = new SqliteConnection(options.ToString()))
            {
                connection.Open();
                Upgrade(connection, path);
            }

            File.Move(fresh, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another was faster.
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    /// <summary>Checks whose it is and how new, then brings it to the newest layout.</summary>
    public static void Prepare(SqliteConnection connection, string path)
    {
        var version = ReadVersion(connection, path);
        if (new FileInfo(path).Length <= CheckedWhole && connection.Scalar<string>("PRAGMA quick_check(1)") != "ok") throw SqliteErrors.IsCorrupt(path);
        if (version < CatalogueSchema.Version) Upgrade(connection, path);
    }

    private static void Upgrade(SqliteConnection connection, string path)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);

        // Another process may have been faster.
        for (var step = (int)CheckOwner(connection, path); step < CatalogueSchema.Version; step++)
            connection.Execute(CatalogueSchema.Steps[step]);
        connection.Execute($"PRAGMA application_id = {CatalogueSchema.ApplicationId}");
        connection.Execute($"PRAGMA user_version = {CatalogueSchema.Version}");
        transaction.Commit();
    }

    private static long ReadVersion(SqliteConnection connection, string path)
    {
        // One state for all questions, whatever others write meanwhile.
        using var state = connection.BeginTransaction(deferred: true);
        return CheckOwner(connection, path);
    }

    private static long CheckOwner(SqliteConnection connection, string path)
    {
        var application = connection.Scalar<long>("PRAGMA application_id");
        var version = connection.Scalar<long>("PRAGMA user_version");
        if (application == 0 && version == 0 && connection.Scalar<long>("SELECT count(*) FROM sqlite_schema") == 0) return 0;
        if (application != CatalogueSchema.ApplicationId) throw CatalogueErrors.IsForeign(path);
        return version <= CatalogueSchema.Version ? version : throw CatalogueErrors.IsNewer(path, version);
    }
}
