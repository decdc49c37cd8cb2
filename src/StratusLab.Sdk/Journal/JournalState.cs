namespace StratusLab.Sdk;

/// <summary>What is known of an intent.</summary>
public enum JournalState
{
    /// <summary>It was written; what came of it is not known yet.</summary>
    Open,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not done, and nothing of it is left.</summary>
    Failed,
}
