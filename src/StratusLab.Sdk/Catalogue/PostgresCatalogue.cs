using System.Data;
using System.Data.Common;
using Npgsql;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The catalogue of a shared site: a schema of a PostgreSQL database, for processes of several machines.</summary>
internal sealed class PostgresCatalogue : SiteCatalogue
{
    private readonly string _pooled;
    private readonly string _single;
    private PostgresSession? _session;

    private PostgresCatalogue(NpgsqlConnectionStringBuilder address)
    {
        Location = $"postgresql://{(address.Username is { Length: > 0 } user ? user + "@" : string.Empty)}{address.Host}:{address.Port}/{address.Database}";
        var builder = new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            SearchPath = PostgresSchema.Name,
            ApplicationName = "StratusLab",
            CommandTimeout = 90,
            KeepAlive = 10,
        };
        _pooled = builder.ToString();
        builder.Pooling = false;
        _single = builder.ToString();
    }

    public override string Location { get; }

    /// <summary>Opens the catalogue, making it or bringing it to the newest layout where needed.</summary>
    public static async Task<SiteCatalogue> OpenAsync(NpgsqlConnectionStringBuilder address, CancellationToken cancellationToken)
    {
        var catalogue = new PostgresCatalogue(address);
        try
        {
            await catalogue.WriteAsync(
                c =>
                {
                    PostgresSchema.Prepare(c, catalogue.Location);
                    return 0;
                },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return catalogue;
        }
        catch
        {
            await catalogue.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override long ReadVersion(DbConnection connection) => connection.Scalar<long>("SELECT version FROM catalogue");

    // The machines' clocks may differ; a clock that the embedder brought is that of the whole site.
    public override DateTimeOffset Now(DbConnection connection, TimeProvider clock) => clock != TimeProvider.System
        ? clock.GetUtcNow()
        : DateTimeOffset.FromUnixTimeMilliseconds(connection.Scalar<long>("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"));

    public override async Task<ISiteSession> BeginSessionAsync(SessionLock local, CancellationToken cancellationToken) =>
        _session = await WriteAsync(c => PostgresSession.Begin(c, () => Open(_single), local.Id, Location), cancellationToken: cancellationToken).ConfigureAwait(false);

    protected override DbConnection Connect() => Open(_pooled);

    protected override DbTransaction BeginRead(DbConnection connection)
    {
        var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        connection.Execute("SET TRANSACTION READ ONLY");
        return transaction;
    }

    // One writer at a time, as the file has: what is read after the lock is what all before have written.
    protected override DbTransaction BeginWrite(DbConnection connection, bool durable)
    {
        var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        connection.Execute($"SET LOCAL lock_timeout = '60s'; SET LOCAL synchronous_commit = {(durable ? "on" : "off")}");
        connection.Execute("SELECT pg_advisory_xact_lock(@application, 0)", ("@application", CatalogueSchema.ApplicationId));
        _session?.Confirm(connection);
        return transaction;
    }

    protected override void Commit(DbTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (NpgsqlException e)
        {
            throw PostgresErrors.Translate(e, Location, RequestState.Unknown);
        }
    }

    protected override StratusException Translate(DbException error) => PostgresErrors.Translate(error, Location, RequestState.NotSent);

    private static NpgsqlConnection Open(string connection)
    {
        var opened = new NpgsqlConnection(connection);
        try
        {
            opened.Open();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
