namespace StratusLab.Sdk;

/// <summary>What was intended.</summary>
public enum JournalKind
{
    /// <summary>To create a VM.</summary>
    CreateVm,

    /// <summary>To remove a VM.</summary>
    DeleteVm,
}
