namespace StratusLab.Sdk;

/// <summary>What an image holds.</summary>
public enum ImageKind
{
    /// <summary>A system that boots.</summary>
    Machine,

    /// <summary>Data, to be attached to a VM.</summary>
    Disk,
}
