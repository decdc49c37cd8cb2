using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What became of one journal entry in a repair.</summary>
public sealed record RepairOutcome
{
    /// <summary>The entry as it is now.</summary>
    public required JournalEntry Entry { get; init; }

    /// <summary>What became of it.</summary>
    public required RepairResult Result { get; init; }

    /// <summary>The VM, where there is one.</summary>
    public VirtualMachine? Vm { get; init; }

    /// <summary>Why it stays open; null if it does not.</summary>
    public StratusException? Error { get; init; }
}
