using System.Text.Json;
using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Writes a burst's rows within one transaction of its controller.</summary>
internal sealed class LedgerWriter(DbConnection c, string burst, DateTimeOffset now)
{
    private readonly List<BurstTransition> _steps = [];

    /// <summary>When, in UTC.</summary>
    public DateTimeOffset Now => now;

    /// <summary>What nodes went through in this transaction.</summary>
    public IReadOnlyList<BurstTransition> Steps => _steps;

    /// <summary>All that is known, as this transaction sees it.</summary>
    public LedgerState Read() => LedgerReader.Read(c, burst, BurstLedger.DayOf(now));

    /// <summary>Writes a node and what it went through. A node that has ended is paid for from then on.</summary>
    public BurstNodeRecord Save(BurstNodeRecord node, IReadOnlyList<BurstTransition> steps)
    {
        if (node.HasEnded) node = Settle(node, node.EndedAt ?? now);
        c.Execute(
            """
            INSERT INTO burst_node (burst, name, generation, is_current, state, ended_at, document)
            VALUES (@burst, @name, @generation, TRUE, @state, @ended, @document)
            ON CONFLICT (burst, name, generation) DO UPDATE SET state = @state, ended_at = @ended, document = @document
            """,
            ("@burst", burst),
            ("@name", node.Name),
            ("@generation", node.Generation),
            ("@state", node.State.ToString()),
            ("@ended", node.EndedAt?.ToUnixTimeMilliseconds()),
            ("@document", JsonSerializer.Serialize(node, BurstJson.Default.BurstNodeRecord)));

        // Of a name that lives again, the lives before are history.
        c.Execute(
            """
            UPDATE burst_node SET is_current = FALSE WHERE burst = @burst AND name = @name AND is_current AND ended_at IS NOT NULL
                AND generation < (SELECT max(generation) FROM burst_node WHERE burst = @burst AND name = @name)
            """,
            ("@burst", burst),
            ("@name", node.Name));
        if (node.RequestId is { } request)
        {
            c.Execute(
                "INSERT INTO burst_launch (request_id, burst, node, generation) VALUES (@request, @burst, @name, @generation) ON CONFLICT DO NOTHING",
                ("@request", request.ToString("D")),
                ("@burst", burst),
                ("@name", node.Name),
                ("@generation", node.Generation));
        }

        foreach (var step in steps) Note(step);
        return node;
    }

    /// <summary>Begins the next life of a name, with its cost reserved.</summary>
    public BurstNodeRecord BeginNode(
        string burstName, BurstNodeRecord? before, string name, string nodeClass, VmMarket market, decimal pricePerHour, DateTimeOffset until, string? jobId, bool namedByBatchSystem)
    {
        var steps = new List<BurstTransition>();
        var node = new BurstNodeRecord
        {
            Burst = burstName,
            Name = name,
            Generation = (before?.Generation ?? 0) + 1,
            NodeClass = nodeClass,
            Market = market,
            PricePerHour = pricePerHour,
            State = BurstNodeState.Planned,
            Cause = namedByBatchSystem ? BurstNodeCause.BatchSystemAsked : BurstNodeCause.JobNeedsNode,
            Detail = jobId is null ? null : $"job {jobId}",
            ChangedAt = now,
            WantedAt = now,
            IsNamedByBatchSystem = namedByBatchSystem,
            JobId = jobId,
            CommittedUntil = until,
            Failures = before?.Failures ?? 0,
        }.Begin(steps).Move(BurstNodeState.Reserved, BurstNodeCause.BudgetReserved, now, steps);
        return Save(node, steps);
    }

    /// <summary>Moves what a node has cost until a moment into what was spent; its price may change from then on.</summary>
    public BurstNodeRecord Settle(BurstNodeRecord node, DateTimeOffset until)
    {
        if (node.LaunchedAt is null || node.ChargedUntil >= until) return node;
        Spend(BurstCosts.Open(node, until));
        return node with { ChargedUntil = until };
    }

    /// <summary>
    /// Writes what becomes of a VM which no node has, and what it has cost until now: from its creation on, from where the life that gave it up was counted to, or from
    /// the last such step. Once it is gone, nothing more.
    /// </summary>
    /// <param name="vm">The VM.</param>
    /// <param name="step">That its removal begins, or that it is gone; its detail is the VM's id.</param>
    /// <param name="pricePerHour">What it costs for an hour, if the life does not tell.</param>
    public void SettleStray(VirtualMachine vm, BurstTransition step, decimal pricePerHour)
    {
        var last = c.Query(
            """
            SELECT id, node, generation, from_state, to_state, cause, detail, at FROM burst_transition
            WHERE burst = @burst AND node = @node AND to_state IN (@leaving, @gone) AND detail = @vm ORDER BY id DESC LIMIT 1
            """,
            LedgerReader.Transition,
            ("@burst", burst),
            ("@node", step.Node),
            ("@leaving", nameof(BurstNodeState.Terminating)),
            ("@gone", nameof(BurstNodeState.Terminated)),
            ("@vm", step.Detail)).Select(found => found.Step).FirstOrDefault();
        if (last?.To is BurstNodeState.Terminated) return;
        Note(step);
        var life = c.Query(
            "SELECT document FROM burst_node WHERE burst = @burst AND name = @name AND generation = @generation",
            LedgerReader.Node,
            ("@burst", burst),
            ("@name", vm.Name),
            ("@generation", step.Generation)).FirstOrDefault();
        var counted = life?.RequestId == vm.RequestId ? life?.ChargedUntil : null;
        if ((last?.At ?? counted ?? vm.CreatedAt) is { } from) Spend(BurstCosts.Between(from, step.At, life?.PricePerHour ?? pricePerHour));
    }

    private void Spend(IEnumerable<(DateTimeOffset Day, decimal Amount)> costs)
    {
        foreach (var (day, amount) in costs)
        {
            var before = c.Scalar<string>("SELECT amount FROM burst_spend WHERE burst = @burst AND day = @day", ("@burst", burst), ("@day", day.ToUnixTimeMilliseconds()));
            c.Execute(
                "INSERT INTO burst_spend (burst, day, amount) VALUES (@burst, @day, @amount) ON CONFLICT (burst, day) DO UPDATE SET amount = @amount",
                ("@burst", burst),
                ("@day", day.ToUnixTimeMilliseconds()),
                ("@amount", BurstLedger.Money(amount + (before is null ? 0 : LedgerReader.Decimal(before)))));
        }
    }

    /// <summary>Writes what a job was promised.</summary>
    public void Save(GrantRecord grant) => c.Execute(
        "INSERT INTO burst_grant (burst, job_id, document) VALUES (@burst, @job, @document) ON CONFLICT (burst, job_id) DO UPDATE SET document = @document",
        ("@burst", burst),
        ("@job", grant.JobId),
        ("@document", JsonSerializer.Serialize(grant, BurstJson.Default.GrantRecord)));

    /// <summary>Forgets what a job was promised.</summary>
    public void RemoveGrant(string jobId) => c.Execute("DELETE FROM burst_grant WHERE burst = @burst AND job_id = @job", ("@burst", burst), ("@job", jobId));

    /// <summary>Writes that a class of node is not to be asked for.</summary>
    public void Save(CapacityBackoff backoff) => c.Execute(
        """
        INSERT INTO burst_backoff (burst, node_class, zone, market, document) VALUES (@burst, @class, @zone, @market, @document)
        ON CONFLICT (burst, node_class, zone, market) DO UPDATE SET document = @document
        """,
        ("@burst", burst),
        ("@class", backoff.NodeClass),
        ("@zone", backoff.Zone),
        ("@market", backoff.Market.ToString()),
        ("@document", JsonSerializer.Serialize(backoff, BurstJson.Default.CapacityBackoff)));

    /// <summary>Writes how often a class of node has failed in a row.</summary>
    public void SaveFailures(string nodeClass, int failures) => c.Execute(
        "INSERT INTO burst_breaker (burst, node_class, failures) VALUES (@burst, @class, @failures) ON CONFLICT (burst, node_class) DO UPDATE SET failures = @failures",
        ("@burst", burst),
        ("@class", nodeClass),
        ("@failures", failures));

    /// <summary>Forgets failures and pauses.</summary>
    public void ClearFailures() => c.Execute(
        "DELETE FROM burst_breaker WHERE burst = @burst; DELETE FROM burst_backoff WHERE burst = @burst; UPDATE burst SET halted = NULL WHERE name = @burst", ("@burst", burst));

    /// <summary>Launches nothing more until somebody has looked.</summary>
    public void Halt(string why) => c.Execute("UPDATE burst SET halted = coalesce(halted, @why) WHERE name = @burst", ("@why", why), ("@burst", burst));

    /// <summary>Says that the burst has come to rest, unless somebody has started it again meanwhile.</summary>
    public void Stop()
    {
        if (c.Execute("UPDATE burst SET state = 'Stopped' WHERE name = @burst AND state <> 'Running'", ("@burst", burst)) > 0)
            c.Execute("DELETE FROM burst_grant WHERE burst = @burst", ("@burst", burst));
    }

    /// <summary>Writes what was seen and decided.</summary>
    public void Report(string? problem, IReadOnlyList<BurstPlanEntry>? plan) => c.Execute(
        "UPDATE burst SET problem = @problem, ticked_at = @now, plan = coalesce(@plan, plan) WHERE name = @burst",
        ("@problem", problem),
        ("@now", now.ToUnixTimeMilliseconds()),
        ("@plan", plan is null ? null : JsonSerializer.Serialize([.. plan], BurstJson.Default.ListBurstPlanEntry)),
        ("@burst", burst));

    /// <summary>Writes a step of a VM that has no node.</summary>
    public void Note(BurstTransition step)
    {
        _steps.Add(step);
        c.Execute(
            """
            INSERT INTO burst_transition (burst, node, generation, from_state, to_state, cause, detail, at)
            VALUES (@burst, @node, @generation, @from, @to, @cause, @detail, @at)
            """,
            ("@burst", burst),
            ("@node", step.Node),
            ("@generation", step.Generation),
            ("@from", step.From?.ToString()),
            ("@to", step.To.ToString()),
            ("@cause", step.Cause.ToString()),
            ("@detail", step.Detail),
            ("@at", step.At.ToUnixTimeMilliseconds()));
    }
}
