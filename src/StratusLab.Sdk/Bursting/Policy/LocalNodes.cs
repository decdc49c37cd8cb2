using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The centre's own nodes that take jobs.</summary>
internal sealed class LocalNodes
{
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    public LocalNodes(IReadOnlyList<BatchNode> nodes)
    {
        All = [.. nodes.Where(n => !n.IsCloud && n.State is (BatchNodeState.Idle or BatchNodeState.Allocated)).OrderBy(n => n.Name, StringComparer.Ordinal)];
        for (var i = 0; i < All.Count; i++) _indices[All[i].Name] = i;
        AreAlike = All.Count == 0 || All.All(n => n.Cpu == All[0].Cpu && n.Memory == All[0].Memory && n.Gpu == All[0].Gpu && n.Features.SequenceEqual(All[0].Features, StringComparer.Ordinal));
    }

    public IReadOnlyList<BatchNode> All { get; }

    /// <summary>Whether every node has what every other has.</summary>
    public bool AreAlike { get; }

    public bool Contains(string name) => _indices.ContainsKey(name);

    public bool TryFind(string name, out int index) => _indices.TryGetValue(name, out index);

    public int CountFitting(BatchJob job) =>
        AreAlike ? All.Count > 0 && Fits(All[0], job) ? All.Count : 0 : All.Count(n => Fits(n, job));

    public bool TakesWholeNodes(BatchJob job) => job.IsExclusive || (AreAlike && All.Count > 0 && job.CpuPerNode >= All[0].Cpu);

    public static bool Fits(BatchNode node, BatchJob job) =>
        job.CpuPerNode <= node.Cpu && job.MemoryPerNode <= node.Memory && job.GpuPerNode <= node.Gpu
        && (job.Features.Count == 0 || job.Features.All(f => node.Features.Contains(f, StringComparer.Ordinal)));
}
