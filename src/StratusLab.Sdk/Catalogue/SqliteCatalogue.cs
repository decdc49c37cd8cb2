using System.Data.Common;
using Microsoft.Data.Sqlite;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The catalogue of an embedded site: one SQLite file.</summary>
internal sealed class SqliteCatalogue : SiteCatalogue
{
    private readonly string _connection;

    private SqliteCatalogue(string path)
    {
        Location = path;
        _connection = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            DefaultTimeout = 60,
        }.ToString();
    }

    public override string Location { get; }

    /// <summary>Opens the catalogue, making it or bringing it to the newest layout where needed.</summary>
    public static async Task<SiteCatalogue> OpenAsync(string path, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        var catalogue = new SqliteCatalogue(path);
        try
        {
            await catalogue.RunAsync(
                () =>
                {
                    SqliteFile.CheckLength(path);
                    SqliteFile.Ensure(path);
                    PrivateFolder.Restrict(path);
                    PrivateFolder.Restrict(path + "-wal");
                    PrivateFolder.Restrict(path + "-shm");
                    using var connection = catalogue.Connect();
                    SqliteFile.Prepare(connection, path);
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

    public override long ReadVersion(DbConnection connection) => connection.Scalar<long>("PRAGMA user_version");

    public override DateTimeOffset Now(DbConnection connection, TimeProvider clock) => clock.GetUtcNow();

    public override Task<ISiteSession> BeginSessionAsync(SessionLock local, CancellationToken cancellationToken) => Task.FromResult<ISiteSession>(new LocalSession(local));

    public override async ValueTask DisposeAsync()
    {
        await Task.Run(() =>
        {
            using var connection = new SqliteConnection(_connection);
            SqliteConnection.ClearPool(connection);
        }).ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }

    protected override DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    protected override DbTransaction BeginWrite(DbConnection connection, bool durable)
    {
        connection.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        return ((SqliteConnection)connection).BeginTransaction(deferred: false);
    }

    protected override StratusException Translate(DbException error) => SqliteErrors.Translate((SqliteException)error, Location);
}
