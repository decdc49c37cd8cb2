using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>
/// A batch system in memory that outlives controllers, with local nodes and cloud nodes. Where it asks for nodes itself (a hook), it gives a job its
/// powered-down nodes and leaves a request; else it uses cloud nodes that have registered.
/// </summary>
internal sealed class BurstQueue(BurstFaults faults, BurstCloud cloud, int localNodes, IReadOnlyList<string> cloudNodes, bool asks)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CloudNode> _cloud = cloudNodes.ToDictionary(n => n, n => new CloudNode(n), StringComparer.Ordinal);
    private readonly List<Job> _jobs = [];
    private readonly Dictionary<string, BurstRequest> _requests = [];
    private int _requestCount;

    public bool IsDown { get; set; }

    /// <summary>Whether requests name jobs by numbers that are nowhere else, as those of Slurm's do for tasks of arrays.</summary>
    public bool NumbersTasks { get; set; }

    /// <summary>What happens right after the queue was read.</summary>
    public Action? AfterRead { get; set; }

    public int Ended { get; private set; }

    public int EndedOnBurst { get; private set; }

    /// <summary>Jobs that got burst nodes that nobody had let on.</summary>
    public IReadOnlyList<Job> Jobs => _jobs;

    public int Pending => _jobs.Count(j => j.Nodes.Count == 0);

    public void Submit(string id, int nodes, TimeSpan limit, TimeSpan runs, params string[] partitions) =>
        _jobs.Add(new Job(id, nodes, limit, runs, faults.Now) { Partitions = partitions.Length > 0 ? partitions : ["batch"] });

    /// <summary>The host tells a node that it takes it away.</summary>
    public void Interrupt(string node) => _requests["interrupt"] = new BurstRequest("interrupt", BurstRequestKind.Interrupt, [node], faults.Now);

    public void Cancel(string id) => End(_jobs.Find(j => j.Id == id)!);

    /// <summary>Time has passed: nodes register or are lost, jobs end and start.</summary>
    public void Step()
    {
        lock (_gate)
        {
            foreach (var node in _cloud.Values) Register(node);
            foreach (var job in _jobs.Where(j => j.StartedAt + j.Runs <= faults.Now).ToList())
            {
                Ended++;
                if (job.Nodes.Exists(_cloud.ContainsKey)) EndedOnBurst++;
                End(job);
            }

            foreach (var job in _jobs.Where(j => j.Nodes.Count > 0)) Wake(job);
            foreach (var job in _jobs.Where(j => j.Nodes.Count == 0)) Start(job);
        }
    }

    public BatchSnapshot Read()
    {
        lock (_gate)
        {
            var nodes = Enumerable.Range(1, localNodes).Select(i => new BatchNode
            {
                Name = $"local{i}",
                State = _jobs.Exists(j => j.Nodes.Contains($"local{i}")) ? BatchNodeState.Allocated : BatchNodeState.Idle,
                Partitions = ["batch"],
                Cpu = 4,
                Memory = ByteSize.FromGiB(8),
            }).Concat(_cloud.Values.Select(n => n.ToNode(_jobs.Exists(j => j.Nodes.Contains(n.Name)), faults.Now)));
            return new BatchSnapshot(faults.Now, [.. _jobs.Select(j => j.ToJob())], [.. nodes]);
        }
    }

    public void Allow(string id, IReadOnlyList<string> partitions)
    {
        lock (_gate)
        {
            var job = _jobs.Find(j => j.Id == id) ?? throw new StratusException("JobNotFound", StratusErrorKind.NotFound, $"No job {id}.");
            if (job.Nodes.Count > 0) throw new StratusException("JobStateInvalid", StratusErrorKind.InvalidState, $"Job {id} waits no longer.");
            job.Partitions = partitions;
        }
    }

    public void Change(string name, BatchNodeChange change)
    {
        lock (_gate)
        {
            var node = _cloud.GetValueOrDefault(name) ?? throw new StratusException("NodeNotFound", StratusErrorKind.NotFound, $"No node {name}.");
            node.InstanceId = change.InstanceId ?? node.InstanceId;
            node.Address = change.Address ?? node.Address;
            if (change.Action is BatchNodeAction.Drain) node.IsDrained = true;
            if (change.Action is BatchNodeAction.Down or BatchNodeAction.PowerDown) Requeue(node);
            if (change.Action is not BatchNodeAction.PowerDown) return;
            (node.IsDrained, node.IsUp, node.IsAsked, node.InstanceId, node.Address) = (false, false, false, null, null);
            node.OffSince = faults.Now;
        }
    }

    /// <summary>Until when a node may go on by what it was told.</summary>
    public DateTimeOffset? LeaseOf(string node)
    {
        lock (_gate) return _cloud[node].LeaseUntil;
    }

    public void Renew(IReadOnlyList<string> nodes, DateTimeOffset until)
    {
        lock (_gate)
        {
            foreach (var node in nodes) _cloud[node].LeaseUntil = until;
        }
    }

    public IReadOnlyList<BurstRequest> Requests()
    {
        lock (_gate) return [.. _requests.Values.OrderBy(r => r.At)];
    }

    public void Complete(string id)
    {
        lock (_gate) _requests.Remove(id);
    }

    private void Register(CloudNode node)
    {
        var machine = cloud.Living.FirstOrDefault(m => m.Request.Name == node.Name && m.HasBooted(faults.Now));
        if (machine is not null && machine.Key != node.RegisteredInstance)
        {
            (node.IsUp, node.RegisteredInstance, node.BootedAt) = (true, machine.Key, machine.ReadyAt);
        }
        else if (machine is null && node.IsUp)
        {
            node.IsUp = false;
            Requeue(node);
        }
    }

    private void Requeue(CloudNode node)
    {
        foreach (var job in _jobs.Where(j => j.Nodes.Contains(node.Name)))
        {
            job.Nodes.Clear();
            job.StartedAt = null;
        }
    }

    private void End(Job job) => _jobs.Remove(job);

    // A job whose nodes were asked for starts when all of them are up.
    private void Wake(Job job)
    {
        if (job.StartedAt is null && job.Nodes.All(n => _cloud[n].IsUp)) job.StartedAt = faults.Now;
    }

    private void Start(Job job)
    {
        var busy = _jobs.SelectMany(j => j.Nodes).ToHashSet(StringComparer.Ordinal);
        var local = Enumerable.Range(1, localNodes).Select(i => $"local{i}").Where(n => !busy.Contains(n)).Take(job.NodeCount).ToList();
        if (job.Partitions.Contains("batch") && local.Count == job.NodeCount)
        {
            job.Nodes = local;
            job.StartedAt = faults.Now;
            return;
        }

        if (!job.Partitions.Contains("burst")) return;
        var free = _cloud.Values.Where(n => n is { IsUp: true, IsDrained: false } && !busy.Contains(n.Name)).Select(n => n.Name).ToList();
        var off = asks ? _cloud.Values.Where(n => n is { IsUp: false, IsDrained: false, IsAsked: false } && !busy.Contains(n.Name)).Select(n => n.Name) : [];
        var chosen = free.Concat(off).Take(job.NodeCount).ToList();
        if (chosen.Count < job.NodeCount) return;
        job.Nodes = chosen;
        var asked = chosen.Where(n => !_cloud[n].IsUp).ToList();
        if (asked.Count == 0)
        {
            job.StartedAt = faults.Now;
            return;
        }

        foreach (var name in asked) _cloud[name].IsAsked = true;
        var id = $"resume-{++_requestCount}";
        _requests[id] = new BurstRequest(id, BurstRequestKind.Resume, asked, faults.Now) { Jobs = asked.ToDictionary(n => n, _ => NumbersTasks ? "9" + id : job.Id) };
    }

    internal sealed class Job(string id, int nodes, TimeSpan limit, TimeSpan runs, DateTimeOffset submittedAt)
    {
        public string Id { get; } = id;

        public int NodeCount { get; } = nodes;

        public TimeSpan Runs { get; } = runs;

        public IReadOnlyList<string> Partitions { get; set; } = [];

        public List<string> Nodes { get; set; } = [];

        public DateTimeOffset? StartedAt { get; set; }

        public BatchJob ToJob() => new()
        {
            Id = Id,
            State = Nodes.Count == 0 ? BatchJobState.Pending : StartedAt is null ? BatchJobState.Configuring : BatchJobState.Running,
            Partitions = Partitions,
            NodeCount = NodeCount,
            CpuPerNode = 4,
            IsExclusive = true,
            Nodes = [.. Nodes],
            SubmittedAt = submittedAt,
            StartedAt = StartedAt,
            TimeLimit = limit,
        };
    }

    private sealed class CloudNode(string name)
    {
        public string Name { get; } = name;

        public bool IsUp { get; set; }

        public bool IsAsked { get; set; }

        public bool IsDrained { get; set; }

        public string? InstanceId { get; set; }

        public string? RegisteredInstance { get; set; }

        public string? Address { get; set; }

        public DateTimeOffset? BootedAt { get; set; }

        public DateTimeOffset? OffSince { get; set; }

        public DateTimeOffset? LeaseUntil { get; set; }

        public BatchNode ToNode(bool isBusy, DateTimeOffset now) => new()
        {
            Name = Name,
            IsCloud = true,
            State = IsDrained ? (isBusy ? BatchNodeState.Draining : BatchNodeState.Drained)
                : IsUp ? (isBusy ? BatchNodeState.Allocated : BatchNodeState.Idle)
                : IsAsked ? BatchNodeState.PoweringUp
                : now - OffSince < TimeSpan.FromSeconds(15) ? BatchNodeState.PoweringDown : BatchNodeState.PoweredDown,
            Partitions = ["burst"],
            Cpu = 4,
            Memory = ByteSize.FromGiB(8),
            InstanceId = InstanceId,
            Address = Address,
            BootedAt = IsUp ? BootedAt : null,
        };
    }
}
