namespace StratusLab.GridEngine;

/// <summary>An execution host as <c>qhost</c> tells it.</summary>
internal sealed record ExecutionHost(string Name)
{
    /// <summary>What it reports of itself; a host that was never heard says nothing, or a hyphen.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>What is left of its resources.</summary>
    public Dictionary<string, string> Resources { get; } = new(StringComparer.Ordinal);

    /// <summary>The machine that was told to be behind it; null for none.</summary>
    public NodeMachine? Machine => NodeMachine.Read(Resources.GetValueOrDefault(NodeMachine.Attribute, string.Empty));

    public List<HostQueue> Queues { get; } = [];
}
