namespace StratusLab.Sdk;

/// <summary>A node after it was looked at.</summary>
/// <param name="Node">As it is now.</param>
/// <param name="Steps">What it went through.</param>
/// <param name="Effects">What is to be done.</param>
/// <param name="Failed">Whether its class has failed once more.</param>
/// <param name="Succeeded">Whether its class has brought a node up.</param>
internal readonly record struct NodeAdvance(BurstNodeRecord Node, IReadOnlyList<BurstTransition> Steps, BurstNodeEffects Effects, bool Failed = false, bool Succeeded = false);
