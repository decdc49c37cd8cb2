using System.Data.Common;
using System.Diagnostics;
using Npgsql;

namespace StratusLab.Sdk;

/// <summary>
/// A session among the processes of several machines: a row whose time is renewed by the database's clock, and an advisory lock that a connection holds for as
/// long as it lives. A process is dead when its lock is free and it was not heard of for <see cref="SessionPace.Grace"/>: a connection that breaks is no death.
/// Every write confirms the session in its own transaction, and counts, so that what became of a write can be asked afterwards.
/// </summary>
internal sealed class PostgresSession : ISiteSession
{
    private const string Table = $"{PostgresSchema.Name}.site_session";

    // A pool of connections may keep the lock of a process that is gone; a process that has it itself is heard of all the time.
    private const string LockFactor = "5";

    private const string IsThere =
        $"""
        (heard_at > clock_timestamp() - make_interval(secs => @grace) OR heard_at > clock_timestamp() - make_interval(secs => {LockFactor} * @grace) AND EXISTS (SELECT 1 FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND classid = @application AND objid = CAST({Table}.lock AS oid) AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
        """;

    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(3);

    private readonly string _connection;
    private readonly string _location;
    private readonly SessionLock _local;
    private readonly SessionPace _pace;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Task _beating;
    private CancellationTokenSource _lapse = new();
    private NpgsqlConnection? _held;
    private bool _isLocked;
    private volatile bool _isLost;

    /// <summary>Begins to say that this process lives, its row being written.</summary>
    /// <param name="connection">How to connect outside any pool.</param>
    /// <param name="location">The catalogue, for people.</param>
    /// <param name="local">How the processes of this machine know each other.</param>
    /// <param name="pace">The times.</param>
    public PostgresSession(string connection, string location, SessionLock local, SessionPace pace)
    {
        (_connection, _location, _local, _pace) = (connection, location, local, pace);
        _lapse.CancelAfter(pace.Lapse);
        _beating = Task.Run(BeatAsync);
    }

    public string Id => _local.Id;

    public bool IsLost => _isLost;

    public CancellationToken Lapsed
    {
        get
        {
            lock (_gate) return _lapse.Token;
        }
    }

    /// <summary>Writes the row of a new session, within a write, and removes those of long ago.</summary>
    public static void Insert(DbConnection c, string id, SessionPace pace)
    {
        c.Execute($"DELETE FROM {Table} WHERE heard_at < now() - interval '7 days' AND NOT {IsThere}", Application, Grace(pace));
        c.Execute($"INSERT INTO {Table} (id) VALUES (@id)", ("@id", id));
    }

    /// <summary>Of a process of this machine its file tells at once; of others their silence does.</summary>
    public bool IsAlive(DbConnection connection, string id) =>
        connection.Query($"SELECT {IsThere} FROM {Table} WHERE id = @id AND ended_at IS NULL", r => r.GetBoolean(0), ("@id", id), Application, Grace(_pace)) is [var isThere]
        && (_local.Knows(id) ?? isThere);

    public int CountAlive(DbConnection connection) => connection
        .Query($"SELECT id, {IsThere} FROM {Table} WHERE ended_at IS NULL", r => (Id: r.GetString(0), IsThere: r.GetBoolean(1)), Application, Grace(_pace))
        .Count(s => _local.Knows(s.Id) ?? s.IsThere);

    public void End(DbConnection connection, string id) => connection.Execute($"UPDATE {Table} SET ended_at = now() WHERE id = @id AND ended_at IS NULL", ("@id", id));

    /// <summary>At the beginning of a write: sees to it that the others take this process for alive, and that they did not take its work over before.</summary>
    /// <returns>The number of the write.</returns>
    public long Confirm(DbConnection c)
    {
        var number = c.Query(
            $"UPDATE {Table} SET heard_at = clock_timestamp(), writes = writes + 1 WHERE id = @id AND ended_at IS NULL RETURNING writes", r => r.GetInt64(0), ("@id", Id));
        if (number is [var write]) return write;
        _isLost = true;
        throw PostgresErrors.SessionLost(_location);
    }

    /// <summary>Whether a write was kept. No other of this session may have begun since.</summary>
    public bool HasKept(DbConnection c, long write) => c.Scalar<long>($"SELECT writes FROM {Table} WHERE id = @id", ("@id", Id)) >= write;

    /// <summary>The others know that this process lived at some time (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public void Heard(long at)
    {
        var left = _pace.Lapse - Stopwatch.GetElapsedTime(at);
        lock (_gate)
        {
            if (left <= TimeSpan.Zero) return;
            if (_lapse.IsCancellationRequested) _lapse = new CancellationTokenSource();
            _lapse.CancelAfter(left);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        using var limit = new CancellationTokenSource(FarewellPatience);
        try
        {
            var connection = _held ??= await OpenAsync(limit.Token).ConfigureAwait(false);
            await ExecuteAsync(connection, $"DELETE FROM {Table} WHERE id = @id", limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBroken(e))
        {
            // The others find out by the silence.
        }

        if (_held is not null) await _held.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
        lock (_gate) _lapse.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    private static (string, object?) Application => ("@application", CatalogueSchema.ApplicationId);

    private static (string, object?) Grace(SessionPace pace) => ("@grace", pace.Grace.TotalSeconds);

    private static bool IsBroken(Exception e) => PostgresErrors.Find(e) is not null || e is InvalidOperationException or IOException or TimeoutException or OperationCanceledException;

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_pace.Beat);
        try
        {
            do await TellAsync().ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (IsBroken(e) && _end.IsCancellationRequested)
        {
            // The session ends.
        }
    }

    private async Task TellAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(_pace.Beat * 2);
        try
        {
            _held ??= await OpenAsync(limit.Token).ConfigureAwait(false);
            if (await ExecuteAsync(_held, $"UPDATE {Table} SET heard_at = clock_timestamp() WHERE id = @id AND ended_at IS NULL", limit.Token).ConfigureAwait(false) > 0) Heard(began);

            // The lock of a connection that broke stands until the server knows, and says until then what is true.
            _isLocked = _isLocked || await LockAsync(_held, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBroken(e) && !_end.IsCancellationRequested)
        {
            if (_held is { } broken) await broken.DisposeAsync().ConfigureAwait(false);
            (_held, _isLocked) = (null, false);
        }
    }

    // A machine that vanishes ends no connection: the server does, by the silence.
    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_connection);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(
                connection,
                "SELECT set_config('synchronous_commit', 'off', false), set_config('idle_session_timeout', CAST(@grace AS TEXT), false)",
                cancellationToken,
                ("@grace", (int)_pace.Grace.TotalMilliseconds)).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<bool> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = $"SELECT pg_try_advisory_lock(@application, lock) FROM {Table} WHERE id = @id";
            command.Parameters.AddWithValue("@application", CatalogueSchema.ApplicationId);
            command.Parameters.AddWithValue("@id", Id);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
    }

    private async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
#pragma warning disable CA2100 // Every text is a constant of this class; values go by parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in parameters.Append(("@id", Id))) command.Parameters.AddWithValue(name, value);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
