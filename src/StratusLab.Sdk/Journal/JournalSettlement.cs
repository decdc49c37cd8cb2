namespace StratusLab.Sdk;

/// <summary>What came of an entry.</summary>
internal readonly record struct JournalSettlement(long Id, JournalState State, string? Outcome);
