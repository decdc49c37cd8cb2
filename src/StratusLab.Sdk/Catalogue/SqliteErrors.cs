using Microsoft.Data.Sqlite;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>SQLite's errors in words that say which file and what to do.</summary>
internal static class SqliteErrors
{
    // Result codes of https://sqlite.org/rescode.html.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CantOpen = 14;
    private const int NotADatabase = 26;

    public static StratusException Translate(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => IsCorrupt(path, error),
        Busy or Locked => new StratusException(
            "CatalogueBusy",
            StratusErrorKind.Timeout,
            $"Another process keeps the catalogue '{path}' locked. Try again when it is done.",
            error) { IsTransient = true, Resource = path },
        Full => new StratusException(
            "CatalogueDiskFull",
            StratusErrorKind.NoCapacity,
            $"The disk that holds the catalogue '{path}' is full. Nothing was written; make room and try again.",
            error) { Resource = path },
        ReadOnly or CantOpen => new StratusException(
            "CatalogueUnavailable",
            StratusErrorKind.PermissionDenied,
            $"The catalogue '{path}' cannot be opened for writing: {error.Message}",
            error) { Resource = path },
        _ => new StratusException("CatalogueFailed", StratusErrorKind.Failed, $"The catalogue '{path}' failed: {error.Message} (SQLite result code {error.SqliteExtendedErrorCode})", error) { Resource = path },
    };

    public static StratusException IsCorrupt(string path, Exception? cause = null) => new(
        "CatalogueCorrupt",
        StratusErrorKind.InvalidState,
        $"The catalogue '{path}' is damaged or no catalogue at all; it was left as it is. Put a backup in its place, or move it away: "
        + "a new one will be made, VMs and images are not lost, and hosts have to be added again.",
        cause) { Resource = path };
}
