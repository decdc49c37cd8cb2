using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The catalogue of a shared site: a schema of a PostgreSQL database, for processes of several machines.</summary>
internal sealed class PostgresCatalogue : SiteCatalogue
{
    private static readonly TimeSpan ResolvePause = TimeSpan.FromMilliseconds(500);

    private readonly SessionPace _pace;
    private readonly string _pooled;
    private readonly string _single;
    private PostgresSession? _session;

    // Of the write that has its turn.
    private long _began;
    private long _write;
    private DbException? _doubt;

    private PostgresCatalogue(NpgsqlConnectionStringBuilder address, SessionPace pace)
    {
        _pace = pace;
        Location = $"postgresql://{(address.Username is { Length: > 0 } user ? user + "@" : string.Empty)}{address.Host}:{address.Port}/{address.Database}";
        var builder = new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
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
    public static async Task<SiteCatalogue> OpenAsync(NpgsqlConnectionStringBuilder address, SessionPace pace, CancellationToken cancellationToken)
    {
        var catalogue = new PostgresCatalogue(address, pace);
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

    public override async Task<ISiteSession> BeginSessionAsync(SessionLock local, CancellationToken cancellationToken)
    {
        await WriteAsync(
            c =>
            {
                PostgresSession.Insert(c, local.Id, _pace);
                return 0;
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return _session = new PostgresSession(_single, Location, local, _pace);
    }

    protected override DbConnection Connect()
    {
        var connection = new NpgsqlConnection(_pooled);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override DbTransaction BeginRead(DbConnection connection) => Begin((NpgsqlConnection)connection, IsolationLevel.RepeatableRead, "SET TRANSACTION READ ONLY");

    protected override DbTransaction BeginWrite(DbConnection connection, bool durable)
    {
        _began = Stopwatch.GetTimestamp();
        var transaction = TakeTurn(connection, durable);
        _write = _session?.Confirm(connection) ?? 0;
        return transaction;
    }

    protected override bool TryCommit(DbTransaction transaction)
    {
        try
        {
            transaction.Commit();
            _session?.Heard(_began);
            return true;
        }
        catch (Exception e) when (ErrorOf(e) is { } error)
        {
            _doubt = error;
            return false;
        }
    }

    protected override async Task ResolveAsync(CancellationToken cancellationToken)
    {
        var isKept = await AskAsync(cancellationToken).ConfigureAwait(false);
        if (isKept is true) return;
        throw isKept is false ? PostgresErrors.Translate(_doubt!, Location) : PostgresErrors.InDoubt(Location, _doubt!);
    }

    protected override DbException? ErrorOf(Exception e) => PostgresErrors.Find(e);

    protected override StratusException Translate(DbException error) => PostgresErrors.Translate(error, Location);

    private async Task<bool?> AskAsync(CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); _session is not null && Stopwatch.GetElapsedTime(began) < _pace.Patience;)
        {
            try
            {
                return await RunAsync(HasKept, cancellationToken).ConfigureAwait(false);
            }
            catch (StratusException)
            {
                await Task.Delay(ResolvePause, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    // Whoever has the turn knows that the transaction before has ended.
    private bool HasKept()
    {
        using var connection = Connect();
        using var transaction = TakeTurn(connection, durable: false);
        return _session!.HasKept(connection, _write);
    }

    // One writer at a time, as the file has: what is read after the lock is what all before have written. Nobody keeps the others waiting who has vanished meanwhile.
    private NpgsqlTransaction TakeTurn(DbConnection connection, bool durable)
    {
        var transaction = Begin(
            (NpgsqlConnection)connection,
            IsolationLevel.ReadCommitted,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SET LOCAL lock_timeout = '60s';
                SET LOCAL idle_in_transaction_session_timeout = {(int)(_pace.Grace / 3).TotalMilliseconds};
                SET LOCAL synchronous_commit = {(durable ? "on" : "off")}
                """));
        connection.Execute("SELECT pg_advisory_xact_lock(@application, 0)", ("@application", CatalogueSchema.ApplicationId));
        return transaction;
    }

    // A connection of the pool may have broken since its last use, which shows only now; nothing was asked over it yet.
    private static NpgsqlTransaction Begin(NpgsqlConnection connection, IsolationLevel isolation, string settings)
    {
        try
        {
            return Start();
        }
        catch (Exception e) when (PostgresErrors.Find(e) is not null && connection.State != ConnectionState.Open)
        {
            NpgsqlConnection.ClearPool(connection);
            connection.Close();
            connection.Open();
            return Start();
        }

        // The path is set in each transaction, for pools pass no other settings on.
        NpgsqlTransaction Start()
        {
            var transaction = connection.BeginTransaction(isolation);
            connection.Execute($"{settings}; SET LOCAL search_path = {PostgresSchema.Name}");
            return transaction;
        }
    }
}
