using System.Data.Common;
using Npgsql;

namespace StratusLab.Sdk;

/// <summary>
/// A session among the processes of several machines: an advisory lock that a connection holds, for as long as that lives. When the connection breaks the others
/// may take this process for dead; so every write looks first, and takes the lock again unless its work was taken over meanwhile.
/// </summary>
internal sealed class PostgresSession : ISiteSession
{
    private const string IsLocked =
        """
        EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = @application AND objid = CAST(site_session.lock AS oid) AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private readonly Func<NpgsqlConnection> _open;
    private readonly string _location;
    private NpgsqlConnection? _held;

    private PostgresSession(Func<NpgsqlConnection> open, string id, string location)
    {
        _open = open;
        Id = id;
        _location = location;
    }

    public string Id { get; }

    /// <summary>Begins a session, within a write.</summary>
    public static PostgresSession Begin(DbConnection c, Func<NpgsqlConnection> open, string id, string location)
    {
        c.Execute($"DELETE FROM site_session WHERE ended_at < now() - interval '7 days' AND NOT {IsLocked})", Application);
        c.Execute("INSERT INTO site_session (id) VALUES (@id)", ("@id", id));
        var session = new PostgresSession(open, id, location);
        session.Hold(c);
        return session;
    }

    public bool IsAlive(DbConnection connection, string id) =>
        connection.Scalar<bool>($"SELECT EXISTS (SELECT 1 FROM site_session WHERE id = @id AND ended_at IS NULL AND {IsLocked}))", ("@id", id), Application);

    public int CountAlive(DbConnection connection) =>
        (int)connection.Scalar<long>($"SELECT count(*) FROM site_session WHERE ended_at IS NULL AND {IsLocked})", Application);

    public void End(DbConnection connection, string id) => connection.Execute("UPDATE site_session SET ended_at = now() WHERE id = @id AND ended_at IS NULL", ("@id", id));

    /// <summary>At the beginning of a write: sees to it that the others take this process for alive.</summary>
    public void Confirm(DbConnection c)
    {
        var mine = c.Query(
            $"SELECT {IsLocked} AND pid = @pid) FROM site_session WHERE id = @id AND ended_at IS NULL",
            r => r.GetBoolean(0),
            ("@id", Id),
            ("@pid", _held?.ProcessID ?? 0),
            Application);
        if (mine.Count == 0) throw PostgresErrors.SessionLost(_location);
        if (!mine[0]) Hold(c);
    }

    public async ValueTask DisposeAsync()
    {
        if (_held is null) return;
        try
        {
            using var command = _held.CreateCommand();
            command.CommandText = "DELETE FROM site_session WHERE id = @id AND ended_at IS NULL";
            command.Parameters.AddWithValue("@id", Id);
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The server ends the lock with the connection, and the row says nothing without it.
        }

        await _held.DisposeAsync().ConfigureAwait(false);
    }

    private static (string, object?) Application => ("@application", CatalogueSchema.ApplicationId);

    private void Hold(DbConnection c)
    {
        var key = c.Scalar<int>("SELECT lock FROM site_session WHERE id = @id", ("@id", Id));
        _held?.Dispose();
        _held = _open();

        // The server may not know yet that the connection before is broken: its lock still stands then, and falls soon.
        if (!_held.Scalar<bool>("SELECT pg_try_advisory_lock(@application, @key)", Application, ("@key", key)))
            throw new Core.StratusException(
                "CatalogueBusy", Core.StratusErrorKind.Timeout, $"The catalogue '{_location}' still holds the lock of a connection that broke. Try again in a moment.") { IsTransient = true, Resource = _location };
    }
}
