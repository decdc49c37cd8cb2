namespace StratusLab.Libvirt;

/// <summary>How grave a server's error is (<c>virErrorLevel</c> in libvirt/virterror.h).</summary>
public enum LibvirtErrorLevel
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>A warning.</summary>
    Warning = 1,

    /// <summary>An error.</summary>
    Error = 2,
}
