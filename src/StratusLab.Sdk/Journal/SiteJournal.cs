using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What the site intended to do on hosts, and what came of it. An intent is on disk before its effect begins.</summary>
public sealed class SiteJournal
{
    private const int PageSize = 500;
    private const string Columns = "id, session, kind, host, target, request_id, request, created_at, state, settled_at, outcome, cpu";

    // A VM is named by its host and its key there, which is what a creation has for its outcome.
    private const string NotRemoved =
        """
        NOT EXISTS (SELECT 1 FROM journal AS gone WHERE gone.kind = 'DeleteVm' AND gone.state = 'Done' AND gone.host = journal.host
            AND gone.target = substr(journal.outcome, length(journal.host) + 2) AND gone.id > journal.id)
        """;

    private readonly SiteCatalogue _catalogue;
    private readonly ISiteSession _session;
    private readonly TimeProvider _clock;

    // The entries that work in this process answers for. Any other open entry of this session was left behind while the catalogue was out of reach.
    private readonly ConcurrentDictionary<long, bool> _answered = new();

    internal SiteJournal(SiteCatalogue catalogue, ISiteSession session, TimeProvider clock)
    {
        _catalogue = catalogue;
        _session = session;
        _clock = clock;
    }

    /// <summary>Cancelled when work must end because others may take this process for dead.</summary>
    internal CancellationToken Lapsed => _session.Lapsed;

    /// <summary>Entries, the newest first.</summary>
    /// <param name="openOnly">Only those whose outcome is not known.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async IAsyncEnumerable<JournalEntry> ListAsync(bool openOnly = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var before = long.MaxValue;
        while (true)
        {
            var page = await _catalogue.ReadAsync(
                c => c.Query(
                    $"SELECT {Columns} FROM journal WHERE id < @before AND (state = 'Open' OR NOT @openOnly) ORDER BY id DESC LIMIT @limit",
                    Read,
                    ("@before", before),
                    ("@openOnly", openOnly),
                    ("@limit", PageSize)),
                cancellationToken).ConfigureAwait(false);
            foreach (var entry in page) yield return entry;
            if (page.Count < PageSize) yield break;
            before = page[^1].Id;
        }
    }

    /// <summary>Writes intents, all or none.</summary>
    internal Task<IReadOnlyList<JournalEntry>> OpenAsync(IReadOnlyList<JournalIntent> intents, CancellationToken cancellationToken)
    {
        var now = Now();
        return AnswerForAsync(c => Insert(c, intents, now), cancellationToken);
    }

    /// <summary>Writes intents after a last look at what others have written, with nobody in between.</summary>
    /// <param name="admission">Given what others have begun, and the hosts as they are registered now, says what is to be written.</param>
    /// <param name="cancellationToken">Stops the work before anything is written.</param>
    internal Task<IReadOnlyList<JournalEntry>> OpenAsync(
        Admission admission, CancellationToken cancellationToken)
    {
        var now = Now();
        return AnswerForAsync(
            c =>
            {
                var newer = c.Query(
                    $"""
                    SELECT {Columns} FROM journal
                    WHERE (id > @mark OR id IN (SELECT CAST(value AS BIGINT) FROM json_each(@abandoned))) AND kind = 'CreateVm' AND state <> 'Failed'
                        AND (state = 'Open' OR {NotRemoved})
                    """,
                    Read,
                    ("@mark", admission.Mark),
                    ("@abandoned", $"[{string.Join(',', admission.Abandoned)}]"));
                return Insert(c, admission.Admit(newer, HostStore.List(c)), now);
            },
            cancellationToken);
    }

    /// <summary>Of these requests, those by which a VM was made or may have been.</summary>
    internal Task<IReadOnlySet<Guid>> FindCreationsAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken) => _catalogue.ReadAsync<IReadOnlySet<Guid>>(
        c => c.Query(
            "SELECT DISTINCT request_id FROM journal WHERE kind = 'CreateVm' AND state <> 'Failed' AND request_id IN (SELECT value FROM json_each(@requests))",
            r => Guid.ParseExact(r.GetString(0), "D"),
            ("@requests", JsonSerializer.Serialize(requests.Select(r => r.ToString("D")).ToArray(), JournalJson.Default.StringArray))).ToHashSet(),
        cancellationToken);

    /// <summary>Writes what came of intents. It may be lost in a power failure; then they are looked up again.</summary>
    internal async Task SettleAsync(IReadOnlyCollection<JournalSettlement> settlements)
    {
        if (settlements.Count == 0) return;
        var now = Now();
        await _catalogue.WriteAsync(
            c =>
            {
                foreach (var (id, state, outcome) in settlements)
                {
                    c.Execute(
                        "UPDATE journal SET state = @state, settled_at = @now, outcome = @outcome WHERE id = @id AND state = 'Open'",
                        ("@state", state.ToString()),
                        ("@now", now),
                        ("@outcome", outcome),
                        ("@id", id));
                }

                return 0;
            },
            durable: false).ConfigureAwait(false);
        Leave(settlements.Select(s => s.Id));
    }

    /// <summary>Gives open entries up, so that any session may settle them.</summary>
    internal async Task ReleaseAsync(IReadOnlyCollection<long> entries, string why)
    {
        if (entries.Count == 0) return;
        try
        {
            await _catalogue.WriteAsync(
                c =>
                {
                    foreach (var id in entries)
                        c.Execute("UPDATE journal SET session = NULL, outcome = @why WHERE id = @id AND state = 'Open'", ("@why", why), ("@id", id));
                    return 0;
                },
                durable: false).ConfigureAwait(false);
        }
        finally
        {
            Leave(entries);
        }
    }

    /// <summary>Takes over the open entries of a host that nobody alive answers for.</summary>
    internal async Task<IReadOnlyList<JournalEntry>> ClaimAsync(string host, CancellationToken cancellationToken)
    {
        var abandoned = await _catalogue.ReadAsync(c => AbandonedOn(c, host), cancellationToken).ConfigureAwait(false);
        return abandoned.Count == 0
            ? []
            : await AnswerForAsync(
                c =>
                {
                    var entries = AbandonedOn(c, host);
                    foreach (var session in entries.Select(e => e.Session).OfType<string>().Distinct().Where(s => s != _session.Id)) _session.End(c, session);
                    return [.. c.Query(
                        $"UPDATE journal SET session = @mine WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(@entries)) RETURNING {Columns}",
                        Read,
                        ("@mine", _session.Id),
                        ("@entries", $"[{string.Join(',', entries.Select(e => e.Id))}]")).OrderBy(e => e.Id)];
                },
                cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Open creations whose session lives, those that nobody alive answers for, and the number of the newest entry.</summary>
    internal async Task<(IReadOnlyList<JournalEntry> Creations, IReadOnlyList<JournalEntry> Abandoned, long Mark)> ReadReservationsAsync(CancellationToken cancellationToken)
    {
        var (open, alive, mark) = await _catalogue.ReadAsync(
            c =>
            {
                var entries = c.Query($"SELECT {Columns} FROM journal WHERE state = 'Open' AND kind = 'CreateVm'", Read);
                var isAnswered = Answered(c);
                return (entries, entries.Where(e => isAnswered(e.Session, e.Id)).ToHashSet(), c.Scalar<long>("SELECT coalesce(max(id), 0) FROM journal"));
            },
            cancellationToken).ConfigureAwait(false);
        return ([.. alive], [.. open.Where(e => !alive.Contains(e))], mark);
    }

    /// <summary>Creations on a host that ended well since some time and whose VMs were not removed again, up to an entry's number.</summary>
    internal Task<IReadOnlyList<JournalEntry>> ReadMadeAsync(string host, DateTimeOffset since, long mark, CancellationToken cancellationToken) =>
        _catalogue.ReadAsync<IReadOnlyList<JournalEntry>>(
            c => c.Query(
                $"SELECT {Columns} FROM journal WHERE host = @host AND kind = 'CreateVm' AND state = 'Done' AND settled_at >= @since AND id <= @mark AND {NotRemoved}",
                Read,
                ("@host", host),
                ("@since", since.ToUnixTimeMilliseconds()),
                ("@mark", mark)),
            cancellationToken);

    /// <summary>Hosts with open entries, and how many entries are open and how many of them nobody alive answers for.</summary>
    internal async Task<(IReadOnlyList<string> Hosts, int Open, int Interrupted)> CountAsync(CancellationToken cancellationToken)
    {
        var groups = await _catalogue.ReadAsync(
            c =>
            {
                var isAnswered = Answered(c);
                return c.Query(
                    """
                    SELECT host, session, min(id), count(*) FROM journal WHERE state = 'Open' GROUP BY host, session, CASE WHEN session = @mine THEN id END
                    """,
                    r => (Host: r.GetString(0), Session: r.StringOrNull(1), First: r.GetInt64(2), Count: r.GetInt32(3)),
                    ("@mine", _session.Id))
                    .ConvertAll(g => (g.Host, g.Count, IsInterrupted: !isAnswered(g.Session, g.First)));
            },
            cancellationToken).ConfigureAwait(false);
        var interrupted = groups.Where(g => g.IsInterrupted).ToList();
        return (interrupted.Select(g => g.Host).Distinct(StringComparer.OrdinalIgnoreCase).ToList(), groups.Sum(g => g.Count), interrupted.Sum(g => g.Count));
    }

    internal static VmRequest RequestOf(JournalEntry creation) => JournalJson.ReadVmRequest(creation.Request);

    internal static DeleteRequest DeletionOf(JournalEntry deletion) => JsonSerializer.Deserialize(deletion.Request, JournalJson.Default.DeleteRequest)!;

    private List<(long Id, string? Session)> AbandonedOn(DbConnection c, string host)
    {
        var isAnswered = Answered(c);
        return c.Query("SELECT id, session FROM journal WHERE state = 'Open' AND host = @host", r => (Id: r.GetInt64(0), Session: r.StringOrNull(1)), ("@host", host))
            .FindAll(e => !isAnswered(e.Session, e.Id));
    }

    // Answered for from within the write, so that nobody in this process takes what is just being written for left behind.
    private async Task<IReadOnlyList<JournalEntry>> AnswerForAsync(Func<DbConnection, IReadOnlyList<JournalEntry>> write, CancellationToken cancellationToken)
    {
        IReadOnlyList<JournalEntry> entries = [];
        try
        {
            return await _catalogue.WriteAsync(
                c =>
                {
                    entries = write(c);
                    foreach (var entry in entries) _answered[entry.Id] = true;
                    return entries;
                },
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(entries.Select(e => e.Id));
            throw;
        }
    }

    private void Leave(IEnumerable<long> entries)
    {
        foreach (var id in entries) _answered.TryRemove(id, out _);
    }

    private List<JournalEntry> Insert(DbConnection c, IReadOnlyList<JournalIntent> intents, long now)
    {
        using var command = c.CreateCommand();
        command.CommandText =
            $"""
            INSERT INTO journal (session, kind, host, target, request_id, request, cpu, created_at, state)
            VALUES (@session, @kind, @host, @target, @request_id, @request, @cpu, @now, 'Open') RETURNING {Columns}
            """;
        string[] names = ["@session", "@kind", "@host", "@target", "@request_id", "@request", "@cpu", "@now"];
        foreach (var name in names)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        var entries = new List<JournalEntry>(intents.Count);
        foreach (var intent in intents)
        {
            object?[] values = [_session.Id, intent.Kind.ToString(), intent.Host, intent.Target, intent.RequestId?.ToString("D"), intent.Request, intent.Cpu, now];
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
            using var reader = command.ExecuteReader();
            reader.Read();
            entries.Add(Read(reader));
        }

        return entries;
    }

    private Func<string?, long, bool> Answered(DbConnection c)
    {
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        return (session, entry) =>
        {
            if (session is null) return false;
            if (session == _session.Id) return _answered.ContainsKey(entry);
            if (!known.TryGetValue(session, out var alive)) known[session] = alive = _session.IsAlive(c, session);
            return alive;
        };
    }

    private long Now() => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static JournalEntry Read(DbDataReader r) => new()
    {
        Id = r.GetInt64(0),
        Session = r.StringOrNull(1),
        Kind = Enum.Parse<JournalKind>(r.GetString(2)),
        Host = r.GetString(3),
        Target = r.GetString(4),
        RequestId = r.StringOrNull(5) is { } id ? Guid.ParseExact(id, "D") : null,
        Request = r.GetString(6),
        CreatedAt = r.Time(7),
        State = Enum.Parse<JournalState>(r.GetString(8)),
        SettledAt = r.IsDBNull(9) ? null : r.Time(9),
        Outcome = r.StringOrNull(10),
        Cpu = r.IsDBNull(11) ? null : r.GetInt32(11),
    };
}
