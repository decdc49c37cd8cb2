using System.Globalization;
using System.Text.Json;
using System.Data.Common;

namespace StratusLab.Sdk;

/// <summary>Reads a burst's rows.</summary>
internal static class LedgerReader
{
    public static LedgerState Read(DbConnection c, string name, long day)
    {
        var row = c.Query(
            "SELECT definition, daily_budget, state, halted FROM burst WHERE name = @name",
            r => (Definition: r.GetString(0), Budget: Decimal(r.GetString(1)), State: Enum.Parse<BurstRunState>(r.GetString(2)), Halted: r.StringOrNull(3)),
            ("@name", name));
        if (row.Count == 0) throw BurstErrors.NotFound(name);
        var definition = BurstDefinitionDocument.Read(row[0].Definition);
        return new LedgerState
        {
            Definition = definition with { Policy = definition.Policy with { DailyBudget = row[0].Budget } },
            State = row[0].State,
            Halted = row[0].Halted,
            Nodes = c.Query("SELECT document FROM burst_node WHERE burst = @burst AND is_current", Node, ("@burst", name)),
            Grants = c.Query("SELECT document FROM burst_grant WHERE burst = @burst", r => JsonSerializer.Deserialize(r.GetString(0), BurstJson.Default.GrantRecord)!, ("@burst", name)),
            Backoffs = c.Query("SELECT document FROM burst_backoff WHERE burst = @burst", r => JsonSerializer.Deserialize(r.GetString(0), BurstJson.Default.CapacityBackoff)!, ("@burst", name)),
            Failures = c.Query("SELECT node_class, failures FROM burst_breaker WHERE burst = @burst", r => (r.GetString(0), r.GetInt32(1)), ("@burst", name))
                .ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal),
            Settled = c.Scalar<string>("SELECT amount FROM burst_spend WHERE burst = @burst AND day = @day", ("@burst", name), ("@day", day)) is { } amount ? Decimal(amount) : 0,
        };
    }

    public static BurstStatus Status(DbConnection c, string name, DateTimeOffset now, DateTimeOffset leaseNow)
    {
        var state = Read(c, name, BurstLedger.DayOf(now));
        var (holder, until, problem, ticked) = c.Query(
            "SELECT holder, lease_until, problem, ticked_at FROM burst WHERE name = @name",
            r => (r.StringOrNull(0), r.Time(1), r.StringOrNull(2), r.IsDBNull(3) ? (DateTimeOffset?)null : r.Time(3)),
            ("@name", name))[0];
        var budget = state.BudgetAt(now);
        var isHeld = holder is not null && until > leaseNow;
        var living = state.Nodes.Where(n => !n.HasEnded).ToList();
        return new BurstStatus
        {
            Name = state.Definition.Name,
            Definition = state.Definition,
            State = state.State,
            Controller = isHeld ? holder : null,
            LeaseUntil = isHeld ? until : null,
            Nodes = living.GroupBy(n => n.State).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count()),
            NodeCount = living.Count,
            GrantCount = state.Grants.Count,
            DailyBudget = budget.DailyCap,
            SpentToday = decimal.Round(budget.Spent, 4),
            ReservedToday = decimal.Round(budget.Committed - budget.Spent, 4),
            Problem = state.Halted ?? problem ?? (isHeld || living.Count == 0 ? null : "No controller looks after its nodes; they end by themselves when their lease runs out."),
            TickedAt = ticked,
        };
    }

    public static BurstNodeRecord Node(DbDataReader r) => JsonSerializer.Deserialize(r.GetString(0), BurstJson.Default.BurstNodeRecord)!;

    public static (long Id, BurstTransition Step) Transition(DbDataReader r) => (
        r.GetInt64(0),
        new BurstTransition(
            r.GetString(1),
            r.GetInt32(2),
            r.StringOrNull(3) is { } from ? Enum.Parse<BurstNodeState>(from) : null,
            Enum.Parse<BurstNodeState>(r.GetString(4)),
            Enum.Parse<BurstNodeCause>(r.GetString(5)),
            r.StringOrNull(6),
            r.Time(7)));

    public static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
