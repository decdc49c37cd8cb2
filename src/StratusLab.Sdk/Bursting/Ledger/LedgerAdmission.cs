namespace StratusLab.Sdk;

/// <summary>
/// The budget's guard: reserves what a job can cost in the worst case, on every day that it falls into, in the transaction that lets it on.
/// Work for a node that is there passes it too.
/// </summary>
internal sealed class LedgerAdmission(LedgerWriter writer)
{
    private readonly LedgerState _state = writer.Read();
    private readonly Dictionary<string, BurstNodeRecord> _changed = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _admitted = new(StringComparer.Ordinal);
    private BudgetBook? _book;
    private int? _room;

    /// <summary>Reserves, or says why not.</summary>
    /// <returns>Null if it is reserved and written; else why it is not, for people.</returns>
    public string? Admit(BudgetRequest request, bool namedByBatchSystem)
    {
        var policy = _state.Definition.Policy;
        if (_state.State != BurstRunState.Running) return $"the burst is {_state.State}";
        if (_state.Halted is { } halted && request.Fresh > 0) return halted;
        if (_state.Grants.Any(g => g.JobId == request.JobId) || !IsNew(request.JobId)) return "it is let on already";
        _room ??= policy.MaxNodes - _state.Nodes.Count(n => !n.HasEnded) - _state.Grants.Sum(g => g.NodesToCome);
        if (request.Fresh > _room) return $"only {Math.Max(0, _room.Value)} more nodes may be launched (MaxNodes)";

        var warm = request.Warm.Select(Living).ToList();
        if (warm.Exists(n => n is not { JobId: null } || !BurstNodeView.Of(n).IsFree)) return "a node that was free has been taken meanwhile";
        if (request.Names.Any(n => Living(n) is not null || IsQuarantined(n))) return "a name that was free has been taken meanwhile";

        var book = _book ??= new BudgetBook(_state.BudgetAt(writer.Now));
        book.Ask();
        foreach (var node in warm) book.AskFor(node!.CommittedUntil < writer.Now ? writer.Now : node.CommittedUntil, request.Until, (double)node.PricePerHour);
        book.AskFor(writer.Now, request.Until, (double)request.PricePerHour * request.Fresh);
        if (book.IsSpent) return "the day's budget is spent";
        if (!book.CanReserve(out var free)) return FormattableString.Invariant($"it could cost {book.Asked:0.00}, and {free:0.00} can be reserved");
        book.Reserve();
        _room -= request.Fresh;
        Write(request, warm!, namedByBatchSystem);
        return null;
    }

    /// <summary>Reserves what a node costs more on another market, or says that it cannot be.</summary>
    public bool AdmitPrice(BurstNodeRecord node, decimal pricePerHour)
    {
        var book = _book ??= new BudgetBook(_state.BudgetAt(writer.Now));
        book.Ask();
        if (pricePerHour > node.PricePerHour) book.AskFor(writer.Now, node.CommittedUntil, (double)(pricePerHour - node.PricePerHour));
        if (book.IsSpent || !book.CanReserve(out _)) return false;
        book.Reserve();
        return true;
    }

    private bool IsNew(string jobId) => !_admitted.Contains(jobId);

    private BurstNodeRecord? Latest(string name) =>
        _changed.GetValueOrDefault(name) ?? _state.Nodes.Where(n => string.Equals(n.Name, name, StringComparison.OrdinalIgnoreCase)).MaxBy(n => n.Generation);

    private BurstNodeRecord? Living(string name) => Latest(name) is { HasEnded: false } node ? node : null;

    private bool IsQuarantined(string name) => Latest(name)?.State is BurstNodeState.Quarantined;

    private void Write(BudgetRequest request, List<BurstNodeRecord> warm, bool namedByBatchSystem)
    {
        _admitted.Add(request.JobId);
        foreach (var node in warm)
        {
            var taken = node with { JobId = request.JobId, CommittedUntil = request.Until > node.CommittedUntil ? request.Until : node.CommittedUntil };
            _changed[node.Name] = writer.Save(taken, []);
        }

        foreach (var name in request.Names) _changed[name] = Begin(request, name, namedByBatchSystem);
        writer.Save(new GrantRecord
        {
            JobId = request.JobId,
            NodeClass = request.NodeClass,
            Market = request.Market,
            NodesToCome = request.Fresh - request.Names.Count,
            PricePerHour = request.PricePerHour,
            CommittedUntil = request.Until,
            GrantedAt = writer.Now,
        });
    }

    private BurstNodeRecord Begin(BudgetRequest request, string name, bool namedByBatchSystem) =>
        writer.BeginNode(_state.Definition.Name, Latest(name), name, request.NodeClass, request.Market, request.PricePerHour, request.Until, request.JobId, namedByBatchSystem);
}
