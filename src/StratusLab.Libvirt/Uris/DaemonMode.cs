namespace StratusLab.Libvirt;

/// <summary>Which of libvirt's daemons a unix socket is chosen for (the <c>mode</c> parameter of a URI).</summary>
public enum DaemonMode
{
    /// <summary>The driver's own daemon if its socket exists, else libvirtd's.</summary>
    Auto,

    /// <summary>The driver's own daemon, such as virtqemud.</summary>
    Direct,

    /// <summary>The monolithic libvirtd.</summary>
    Legacy,
}
