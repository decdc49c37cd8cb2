using System.Globalization;
using System.Text.Json;
using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// The bursts' rows in the site's catalogue. One controller at a time may change a burst: it takes a tenure, and every write of it checks in its own
/// transaction that the tenure still holds. An intent is on disk before its effect begins.
/// </summary>
internal sealed class BurstLedger(SiteCatalogue catalogue, TimeProvider clock)
{
    /// <summary>For how long a controller that was not heard of keeps others out.</summary>
    public static readonly TimeSpan TenureTime = TimeSpan.FromSeconds(60);

    private const int PageSize = 500;
    private const int PruneLimit = 5_000;
    private static readonly TimeSpan KeepHistory = TimeSpan.FromDays(90);

    /// <summary>Takes a burst over, making it if it is not there. What runs of it stays as it is, and a stop that was asked for goes on.</summary>
    /// <exception cref="StratusException"><c>BurstHeld</c>: another controller has it; the message says who and until when.</exception>
    public Task<BurstTenure> TakeAsync(BurstDefinition definition, string holder, CancellationToken cancellationToken) => catalogue.WriteAsync(
        c =>
        {
            Refuse(c, definition.Name);
            RefuseMove(c, definition);
            var fence = c.Scalar<long>(
                """
                INSERT INTO burst (name, definition, daily_budget, state, holder, fence, lease_until, created_at)
                VALUES (@name, @definition, @budget, 'Running', @holder, 1, @until, @now)
                ON CONFLICT (name) DO UPDATE SET definition = @definition, daily_budget = @budget, halted = NULL, problem = NULL,
                    state = CASE burst.state WHEN 'Stopped' THEN 'Running' ELSE burst.state END, holder = @holder, fence = burst.fence + 1, lease_until = @until
                RETURNING fence
                """,
                ("@name", definition.Name),
                ("@definition", BurstDefinitionDocument.Write(definition)),
                ("@budget", Money(definition.Policy.DailyBudget ?? throw BurstErrors.NoBudget(definition.Name))),
                ("@holder", holder),
                ("@until", NewLease(c)),
                ("@now", Now()));
            return new BurstTenure(definition.Name, fence);
        },
        cancellationToken: cancellationToken);

    /// <summary>Takes a burst over as it is, in order to end it or to mend it.</summary>
    /// <exception cref="StratusException"><c>BurstHeld</c>, <c>BurstNotFound</c>.</exception>
    public Task<BurstTenure> TakeAsync(string name, string holder, CancellationToken cancellationToken) => catalogue.WriteAsync(
        c =>
        {
            Refuse(c, name);
            var fence = c.Scalar<long>(
                "UPDATE burst SET holder = @holder, fence = fence + 1, lease_until = @until WHERE name = @name RETURNING fence",
                ("@name", name),
                ("@holder", holder),
                ("@until", NewLease(c)));
            return fence > 0 ? new BurstTenure(name, fence) : throw BurstErrors.NotFound(name);
        },
        cancellationToken: cancellationToken);

    /// <summary>Gives a tenure back, so that the next controller need not wait for its end.</summary>
    public Task ReleaseAsync(BurstTenure tenure) => catalogue.WriteAsync(
        c => c.Execute(
            "UPDATE burst SET holder = NULL, lease_until = 0 WHERE name = @name AND fence = @fence", ("@name", tenure.Burst), ("@fence", tenure.Fence)));

    /// <summary>Writes under a tenure, all or nothing, and renews the tenure.</summary>
    /// <exception cref="StratusException"><c>BurstTenureLost</c>: another controller has taken over; nothing was written.</exception>
    public Task<T> WriteAsync<T>(BurstTenure tenure, Func<LedgerWriter, T> write, CancellationToken cancellationToken = default)
    {
        var now = Now();
        return catalogue.WriteAsync(
            c =>
            {
                var held = c.Execute(
                    "UPDATE burst SET lease_until = @until WHERE name = @name AND fence = @fence", ("@until", NewLease(c)), ("@name", tenure.Burst), ("@fence", tenure.Fence));
                if (held == 0) throw BurstErrors.IsLost(tenure.Burst, c.Scalar<string>("SELECT holder FROM burst WHERE name = @name", ("@name", tenure.Burst)));
                return write(new LedgerWriter(c, tenure.Burst, DateTimeOffset.FromUnixTimeMilliseconds(now)));
            },
            cancellationToken: cancellationToken);
    }

    /// <summary>All that is known of a burst.</summary>
    /// <exception cref="StratusException"><c>BurstNotFound</c>.</exception>
    public Task<LedgerState> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var day = DayOf(clock.GetUtcNow());
        return catalogue.ReadAsync(c => LedgerReader.Read(c, name, day), cancellationToken);
    }

    /// <summary>Bursts as they stand, by name.</summary>
    public Task<IReadOnlyList<BurstStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return catalogue.ReadAsync<IReadOnlyList<BurstStatus>>(
            c => [.. c.Query("SELECT name FROM burst ORDER BY name", r => r.GetString(0)).Select(n => LedgerReader.Status(c, n, now, catalogue.Now(c, clock)))], cancellationToken);
    }

    /// <summary>Nodes of a burst: those that live and the last lives of the others, or all that is kept.</summary>
    public Task<IReadOnlyList<BurstNodeRecord>> ListNodesAsync(string name, bool withHistory, (string Name, int Generation)? after, CancellationToken cancellationToken) =>
        catalogue.ReadAsync<IReadOnlyList<BurstNodeRecord>>(
            c => c.Query(
                """
                SELECT document FROM burst_node WHERE burst = @burst AND (is_current OR @all) AND (name, generation) > (@name, @generation)
                ORDER BY name, generation LIMIT @limit
                """,
                LedgerReader.Node,
                ("@burst", name),
                ("@all", withHistory),
                ("@name", after?.Name ?? string.Empty),
                ("@generation", after?.Generation ?? 0),
                ("@limit", PageSize)),
            cancellationToken);

    /// <summary>The steps of a burst's nodes, the newest first, a page at a time.</summary>
    public Task<IReadOnlyList<(long Id, BurstTransition Step)>> ListTransitionsAsync(string name, string? node, long before, CancellationToken cancellationToken) =>
        catalogue.ReadAsync<IReadOnlyList<(long, BurstTransition)>>(
            c => c.Query(
                """
                SELECT id, node, generation, from_state, to_state, cause, detail, at FROM burst_transition
                WHERE burst = @burst AND (@node IS NULL OR node = @node) AND id < @before ORDER BY id DESC LIMIT @limit
                """,
                LedgerReader.Transition,
                ("@burst", name),
                ("@node", node),
                ("@before", before),
                ("@limit", PageSize)),
            cancellationToken);

    /// <summary>What was decided of the queue when it was looked at last.</summary>
    public Task<IReadOnlyList<BurstPlanEntry>> ReadPlanAsync(string name, CancellationToken cancellationToken) => catalogue.ReadAsync<IReadOnlyList<BurstPlanEntry>>(
        c => c.Scalar<string>("SELECT plan FROM burst WHERE name = @name", ("@name", name)) is { } json ? JsonSerializer.Deserialize(json, BurstJson.Default.ListBurstPlanEntry)! : [],
        cancellationToken);

    /// <summary>Of these requests, the lives that they belong to.</summary>
    public Task<IReadOnlyDictionary<Guid, (string Node, int Generation)>> FindLaunchesAsync(string name, IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken) =>
        catalogue.ReadAsync<IReadOnlyDictionary<Guid, (string, int)>>(
            c => c.Query(
                "SELECT request_id, node, generation FROM burst_launch WHERE burst = @burst AND request_id IN (SELECT value FROM json_each(@requests))",
                r => (Id: Guid.ParseExact(r.GetString(0), "D"), Node: r.GetString(1), Generation: r.GetInt32(2)),
                ("@burst", name),
                ("@requests", JsonSerializer.Serialize(requests.Select(r => r.ToString("D")).ToArray(), JournalJson.Default.StringArray))).ToDictionary(r => r.Id, r => (r.Node, r.Generation)),
            cancellationToken);

    /// <summary>Asks the controller, whoever that is, to drain or to end; it sees that at its next look.</summary>
    /// <exception cref="StratusException"><c>BurstNotFound</c>.</exception>
    public Task AskAsync(string name, BurstRunState state, CancellationToken cancellationToken) => catalogue.WriteAsync(
        c => c.Execute(
            "UPDATE burst SET state = @state WHERE name = @name", ("@state", state.ToString()), ("@name", name)) > 0 ? 0 : throw BurstErrors.NotFound(name),
        cancellationToken: cancellationToken);

    /// <summary>Changes what may be spent in a day; it holds from the controller's next look on.</summary>
    /// <exception cref="StratusException"><c>BurstNotFound</c>.</exception>
    public Task SetBudgetAsync(string name, decimal dailyBudget, CancellationToken cancellationToken) => catalogue.WriteAsync(
        c => c.Execute("UPDATE burst SET daily_budget = @budget WHERE name = @name", ("@budget", Money(dailyBudget)), ("@name", name)) > 0 ? 0 : throw BurstErrors.NotFound(name),
        cancellationToken: cancellationToken);

    /// <summary>Forgets a little of what is long past.</summary>
    public Task PruneAsync(string name, CancellationToken cancellationToken)
    {
        var before = Now() - (long)KeepHistory.TotalMilliseconds;
        return catalogue.WriteAsync(
            c => c.Execute(
                """
                DELETE FROM burst_transition WHERE id IN (SELECT id FROM burst_transition WHERE at < @before ORDER BY id LIMIT @limit);
                DELETE FROM burst_node WHERE (burst, name, generation) IN (SELECT burst, name, generation FROM burst_node WHERE burst = @burst AND NOT is_current AND ended_at < @before LIMIT @limit);
                DELETE FROM burst_spend WHERE burst = @burst AND day < @before - 34560000000;
                """,
                ("@before", before),
                ("@burst", name),
                ("@limit", PruneLimit)),
            durable: false,
            cancellationToken);
    }

    internal static string Money(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    internal static long DayOf(DateTimeOffset at) => new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private void Refuse(DbConnection c, string name)
    {
        var held = c.Query(
            "SELECT holder, lease_until FROM burst WHERE name = @name AND holder IS NOT NULL AND lease_until > @now",
            r => (Holder: r.GetString(0), Until: r.Time(1)),
            ("@name", name),
            ("@now", catalogue.Now(c, clock).ToUnixTimeMilliseconds()));
        if (held.Count > 0) throw BurstErrors.IsHeld(name, held[0].Holder, held[0].Until);
    }

    // Nodes that run on one host cannot be looked after on another.
    private static void RefuseMove(DbConnection c, BurstDefinition definition)
    {
        var before = c.Scalar<string>("SELECT definition FROM burst WHERE name = @name", ("@name", definition.Name));
        if (before is null || BurstDefinitionDocument.Read(before).HostName is not { } host || string.Equals(host, definition.HostName, StringComparison.OrdinalIgnoreCase)) return;
        var living = c.Scalar<long>("SELECT count(*) FROM burst_node WHERE burst = @burst AND is_current AND ended_at IS NULL", ("@burst", definition.Name));
        if (living > 0) throw BurstErrors.HasNodesElsewhere(definition.Name, host, living);
    }

    private long NewLease(DbConnection c) => catalogue.Now(c, clock).ToUnixTimeMilliseconds() + (long)TenureTime.TotalMilliseconds;

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
