using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What became of one journalled item on a host.</summary>
/// <param name="Entry">Its journal entry.</param>
/// <param name="Outcome">What the caller is told.</param>
/// <param name="State">What the journal is told; <see cref="JournalState.Open"/> where it is not known.</param>
internal sealed record HostResult(JournalEntry Entry, VmOutcome Outcome, JournalState State)
{
    public JournalSettlement ToSettlement() => new(Entry.Id, State, Outcome.Error?.Message ?? (Outcome.Id is { } id ? id.ToString() : null));
}
