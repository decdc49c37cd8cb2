using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A job while it is simulated; times in milliseconds since 1970.</summary>
internal sealed class SimulatedJob(WorkloadJob source, int nodes, long submitted, long run, long limit)
{
    public WorkloadJob Source { get; } = source;

    public int Nodes { get; } = nodes;

    public long Submitted { get; } = submitted;

    public long Run { get; } = run;

    public long Limit { get; } = limit;

    public long Started { get; set; } = -1;

    /// <summary>Names of the nodes that it has, or on burst nodes is to have.</summary>
    public List<string> NodeNames { get; } = new(nodes);

    /// <summary>Of the burst nodes that it is to have, how many are not ready.</summary>
    public int Missing { get; set; }

    public bool IsGranted { get; set; }

    public bool IsOnBurst { get; set; }

    public long ExpectedEnd => Started + Limit;

    public BatchJob ToBatchJob(int cpuPerNode) => new()
    {
        Id = Source.Id,
        User = Source.User,
        State = Started < 0 ? BatchJobState.Pending : BatchJobState.Running,
        NodeCount = Nodes,
        CpuPerNode = cpuPerNode,
        IsExclusive = true,
        Nodes = Started < 0 ? [] : NodeNames,
        SubmittedAt = DateTimeOffset.FromUnixTimeMilliseconds(Submitted),
        StartedAt = Started < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(Started),
        TimeLimit = TimeSpan.FromMilliseconds(Limit),
    };
}
