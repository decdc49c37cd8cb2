namespace StratusLab.Sdk;

/// <summary>The form in which an image's disk is exported.</summary>
public enum DiskFileFormat
{
    /// <summary>QEMU's own.</summary>
    Qcow2,

    /// <summary>The plain bytes of the disk.</summary>
    Raw,

    /// <summary>VMware's, one sparse file.</summary>
    Vmdk,

    /// <summary>Hyper-V's.</summary>
    Vhdx,

    /// <summary>An OVA archive with an OVF descriptor and a VMDK disk, which most hypervisors import.</summary>
    Ova,
}
