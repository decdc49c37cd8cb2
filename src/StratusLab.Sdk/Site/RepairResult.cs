namespace StratusLab.Sdk;

/// <summary>What became of a journal entry that a process left open.</summary>
public enum RepairResult
{
    /// <summary>The VM was there, or the host knew it already: it was brought to run and is kept.</summary>
    Completed,

    /// <summary>What was half made was removed.</summary>
    Reaped,

    /// <summary>The removal that was begun was carried through.</summary>
    Removed,

    /// <summary>The removal that was begun could not be carried through; the VM is there and can be removed again.</summary>
    Kept,

    /// <summary>It stays open: the host could not be asked, or refused; <see cref="RepairOutcome.Error"/> says why.</summary>
    Left,
}
