namespace StratusLab.Sdk;

/// <summary>What a decision was measured against; only the part that its reason speaks of is set.</summary>
internal readonly record struct BurstBound(TimeSpan Time = default, int Nodes = 0, decimal Money = 0, decimal Cap = 0);
