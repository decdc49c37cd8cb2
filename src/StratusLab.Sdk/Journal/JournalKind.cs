namespace StratusLab.Sdk;

/// <summary>What was intended.</summary>
public enum JournalKind
{
    /// <summary>To create a VM.</summary>
    CreateVm,

    /// <summary>To remove a VM.</summary>
    DeleteVm,

    /// <summary>To make an image with the help of a VM that is removed afterwards.</summary>
    MakeImage,
}
