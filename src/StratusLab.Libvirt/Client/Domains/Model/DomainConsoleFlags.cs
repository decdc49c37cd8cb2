namespace StratusLab.Libvirt;

/// <summary>How a console is opened (<c>virDomainConsoleFlags</c>).</summary>
[Flags]
public enum DomainConsoleFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Takes the console from whoever holds it (<c>VIR_DOMAIN_CONSOLE_FORCE</c>).</summary>
    Force = 1u << 0,

    /// <summary>Only when the server can lock the console (<c>VIR_DOMAIN_CONSOLE_SAFE</c>).</summary>
    Safe = 1u << 1,
}
