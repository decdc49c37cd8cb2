using Microsoft.Data.Sqlite;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// The site's SQLite file. Several processes may have it open: readers never wait, writers take turns.
/// SQLite works synchronously, so its work is done on the thread pool.
/// </summary>
internal sealed class SiteCatalogue : IAsyncDisposable
{
    private readonly string _connection;
    private readonly SemaphoreSlim _writer = new(1, 1);

    private SiteCatalogue(string path)
    {
        Path = path;
        _connection = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            DefaultTimeout = 60,
        }.ToString();
    }

    public string Path { get; }

    /// <summary>Opens the catalogue, making it or bringing it to the newest layout where needed.</summary>
    public static async Task<SiteCatalogue> OpenAsync(string path, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        var catalogue = new SiteCatalogue(path);
        try
        {
            await catalogue.RunAsync(
                () =>
                {
                    CatalogueFile.CheckLength(path);
                    CatalogueFile.Ensure(path);
                    PrivateFolder.Restrict(path);
                    PrivateFolder.Restrict(path + "-wal");
                    PrivateFolder.Restrict(path + "-shm");
                    using var connection = catalogue.Connect();
                    CatalogueFile.Prepare(connection, path);
                    return 0;
                },
                cancellationToken).ConfigureAwait(false);
            return catalogue;
        }
        catch
        {
            await catalogue.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads from one consistent state.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction(deferred: true);
            return read(connection);
        },
        cancellationToken);

    /// <summary>Writes in one transaction, all or nothing.</summary>
    /// <param name="write">The work.</param>
    /// <param name="durable">Whether it must survive a power failure when the call returns. Without it only the order is kept.</param>
    /// <param name="cancellationToken">Stops the waiting for the turn.</param>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, bool durable = true, CancellationToken cancellationToken = default)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await RunAsync(
                () =>
                {
                    using var connection = Connect();
                    connection.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                    using var transaction = connection.BeginTransaction(deferred: false);
                    var result = write(connection);
                    transaction.Commit();
                    return result;
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(() =>
        {
            using var connection = new SqliteConnection(_connection);
            SqliteConnection.ClearPool(connection);
        }).ConfigureAwait(false);
        _writer.Dispose();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            throw CatalogueErrors.Translate(e, Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StratusException("CatalogueUnavailable", StratusErrorKind.PermissionDenied, $"The catalogue '{Path}' cannot be opened: {e.Message}", e) { Resource = Path };
        }
    }
}
