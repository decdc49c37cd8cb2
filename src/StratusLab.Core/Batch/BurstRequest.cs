namespace StratusLab.Core;

/// <summary>One thing that is asked of a burst about its nodes.</summary>
/// <param name="Id">By which whoever asks knows it again.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Nodes">The nodes, by the batch system's names.</param>
/// <param name="At">When it was asked, in UTC.</param>
public sealed record BurstRequest(string Id, BurstRequestKind Kind, IReadOnlyList<string> Nodes, DateTimeOffset At)
{
    /// <summary>For which job a node is wanted, as far as it is known.</summary>
    public IReadOnlyDictionary<string, string> Jobs { get; init; } = new Dictionary<string, string>();
}
