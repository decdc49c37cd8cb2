namespace StratusLab.Libvirt;

/// <summary>What an ssh connection runs at the far end to reach the server's socket (the <c>proxy</c> parameter of a URI).</summary>
public enum SshProxyMode
{
    /// <summary><c>virt-ssh-helper</c> where it is installed, else netcat.</summary>
    Auto,

    /// <summary>Netcat on the server's socket.</summary>
    Netcat,

    /// <summary><c>virt-ssh-helper</c>.</summary>
    Native,
}
