namespace StratusLab.Core;

/// <summary>The file format of a disk.</summary>
public enum DiskFormat
{
    /// <summary>QEMU copy-on-write, version 2 or 3.</summary>
    Qcow2,

    /// <summary>The plain bytes of the disk.</summary>
    Raw,
}
