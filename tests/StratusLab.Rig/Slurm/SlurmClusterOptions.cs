namespace StratusLab.Rig.Slurm;

/// <summary>What a rig cluster is to have.</summary>
public sealed record SlurmClusterOptions
{
    /// <summary>Nodes <c>n1</c>, <c>n2</c>, … of the partition <c>batch</c>, started with the cluster: 4 CPUs, or 1 with <see cref="ChecksNodes"/>, 1,000 MB and one GPU each.</summary>
    public int LocalNodes { get; init; } = 2;

    /// <summary>Further lines of <c>slurm.conf</c>, such as cloud nodes and their partition.</summary>
    public string Fragment { get; init; } = string.Empty;

    /// <summary>Nodes that the fragment speaks of and that can be started.</summary>
    public IReadOnlyList<string> CloudNodes { get; init; } = [];

    /// <summary>Whether Slurm drains a node that has less than the configuration says, as it does outside tests; for nodes that are machines.</summary>
    public bool ChecksNodes { get; init; }
}
