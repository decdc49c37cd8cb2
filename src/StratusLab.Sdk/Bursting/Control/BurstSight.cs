using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What ledger, host and batch system say, joined by node.</summary>
internal sealed class BurstSight
{
    private readonly LedgerState _state;
    private readonly BatchSnapshot? _snapshot;
    private readonly bool _hostAnswered;
    private readonly bool _nodesRegister;
    private readonly TimeSpan _listingDelay;
    private readonly Dictionary<string, VirtualMachine> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, VirtualMachine> _byRequest = [];
    private readonly Dictionary<string, BatchNode> _batchNodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byInstance = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BatchJob>> _jobsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchJob> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _interrupted = new(StringComparer.Ordinal);

    public BurstSight(
        LedgerState state, BatchSnapshot? snapshot, IReadOnlyList<VirtualMachine>? machines, IReadOnlyList<BurstRequest> requests, bool nodesRegister, TimeSpan listingDelay, DateTimeOffset now)
    {
        _listingDelay = listingDelay;
        (_state, _snapshot, _hostAnswered, _nodesRegister, Now) = (state, snapshot, machines is not null, nodesRegister, now);
        foreach (var vm in machines ?? [])
        {
            _byKey[vm.Id.Key] = vm;
            if (vm.RequestId is { } request) _byRequest[request] = vm;
        }

        foreach (var node in snapshot?.Nodes ?? [])
        {
            _batchNodes[node.Name] = node;
            if (node.InstanceId is { } instance && node.State is BatchNodeState.Idle or BatchNodeState.Allocated) _byInstance[instance] = node.Name;
        }

        foreach (var job in snapshot?.Jobs ?? [])
        {
            _jobs[job.Id] = job;
            foreach (var name in job.Nodes)
            {
                if (!_jobsOf.TryGetValue(name, out var list)) _jobsOf[name] = list = [];
                list.Add(job);
            }
        }

        foreach (var request in requests.Where(r => r.Kind is BurstRequestKind.Interrupt)) _interrupted.UnionWith(request.Nodes);
    }

    public DateTimeOffset Now { get; }

    public NodeObservation Of(BurstNodeRecord node)
    {
        var vm = MachineOf(node);
        var jobs = node.HasEnded ? [] : _jobsOf.GetValueOrDefault(node.Name) ?? [];
        return new NodeObservation
        {
            At = Now,
            HostAnswered = _hostAnswered,
            Vm = vm,
            ListingDelay = _listingDelay,
            BatchAnswered = _snapshot is not null,
            Batch = _nodesRegister ? _batchNodes.GetValueOrDefault(node.Name) : Assumed(node, vm, jobs),
            Jobs = jobs,
            JobIsThere = node.JobId is { } id && _jobs.GetValueOrDefault(id) is { } job && Concerns(job, node),
            RegisteredAs = node.Vm is { } there && _byInstance.GetValueOrDefault(there.Key) is { } name && !string.Equals(name, node.Name, StringComparison.Ordinal) ? name : null,
            IsInterrupted = _interrupted.Contains(node.Name),
            End = _state.State switch
            {
                BurstRunState.Ending => BurstNodeCause.BurstForced,
                BurstRunState.Draining or BurstRunState.Stopped => BurstNodeCause.BurstDrained,
                _ => null,
            },
        };
    }

    /// <summary>
    /// What a node costs for an hour from now on, where that is not what was reserved; null where it is. A price on demand is fixed, so less is
    /// reserved for one that turned out to be cheaper; a price on the spot market may rise again.
    /// </summary>
    public decimal? NewPriceOf(BurstNodeRecord node)
    {
        if (node.HasEnded || MachineOf(node)?.HourlyPrice is not { } price) return null;
        return price > node.PricePerHour || (price < node.PricePerHour && node.Market is VmMarket.OnDemand) ? price : null;
    }

    private static bool Concerns(BatchJob job, BurstNodeRecord node) => job.State switch
    {
        BatchJobState.Pending => true,
        BatchJobState.Held => false,
        _ => job.Nodes.Contains(node.Name, StringComparer.Ordinal),
    };

    // A node that is off and of another life is not this one, whatever its name.
    private VirtualMachine? MachineOf(BurstNodeRecord node)
    {
        if (node.HasEnded) return null;
        if (node.Vm is { } vm) return _byKey.GetValueOrDefault(vm.Key);
        return node.RequestId is { } request ? _byRequest.GetValueOrDefault(request) : null;
    }

    // Where the batch system does not tell of nodes, the host's word is all there is.
    private static BatchNode? Assumed(BurstNodeRecord node, VirtualMachine? vm, List<BatchJob> jobs)
    {
        if (node.State is BurstNodeState.Draining) return jobs.Count == 0 ? null : new BatchNode { Name = node.Name, State = BatchNodeState.Draining };
        var runs = vm is { State: VmState.Running } || (vm is null && node.RegisteredAt is not null);
        return runs
            ? new BatchNode { Name = node.Name, State = jobs.Count > 0 ? BatchNodeState.Allocated : BatchNodeState.Idle, Address = node.NodeAddress, InstanceId = node.Vm?.Key }
            : null;
    }
}
