using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

public sealed partial class LibvirtDomains
{
    /// <summary>Defines a persistent domain, or replaces its definition (<c>virDomainDefineXMLFlags</c>).</summary>
    /// <exception cref="LibvirtServerException">The XML is refused, or the name belongs to a domain of another UUID (<see cref="LibvirtErrorCode.OperationFailed"/>).</exception>
    public Task<DomainRef> DefineAsync(string xml, DomainDefineFlags flags = DomainDefineFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainDefineXmlFlags, new XdrWriter(xml.Length + 16).String(xml).UInt32((uint)flags), DomainCodec.Read, cancellationToken);

    /// <summary>Starts a transient domain, which is gone when it stops (<c>virDomainCreateXML</c>).</summary>
    public Task<DomainRef> CreateTransientAsync(string xml, DomainStartFlags flags = DomainStartFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainCreateXml, new XdrWriter(xml.Length + 16).String(xml).UInt32((uint)flags), DomainCodec.Read, cancellationToken);

    /// <summary>Starts a defined domain (<c>virDomainCreateWithFlags</c>).</summary>
    /// <returns>The domain with the id of its running instance.</returns>
    public Task<DomainRef> StartAsync(DomainRef domain, DomainStartFlags flags = DomainStartFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainCreateWithFlags, new XdrWriter().Domain(domain).UInt32((uint)flags), DomainCodec.Read, cancellationToken);

    /// <summary>Asks the guest to shut down (<c>virDomainShutdownFlags</c>). Returns when it was asked, not when it is down.</summary>
    public Task ShutdownAsync(DomainRef domain, DomainShutdownFlags flags = DomainShutdownFlags.Default, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainShutdownFlags, new XdrWriter().Domain(domain).UInt32((uint)flags), cancellationToken);

    /// <summary>Asks the guest to restart (<c>virDomainReboot</c>).</summary>
    public Task RebootAsync(DomainRef domain, DomainRebootFlags flags = DomainRebootFlags.Default, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainReboot, new XdrWriter().Domain(domain).UInt32((uint)flags), cancellationToken);

    /// <summary>Resets the machine as its reset button would (<c>virDomainReset</c>).</summary>
    public Task ResetAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainReset, new XdrWriter().Domain(domain).UInt32(0), cancellationToken);

    /// <summary>Stops the machine as pulling its plug would (<c>virDomainDestroyFlags</c>). A transient domain is gone with it.</summary>
    public Task DestroyAsync(DomainRef domain, DomainDestroyFlags flags = DomainDestroyFlags.Default, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainDestroyFlags, new XdrWriter().Domain(domain).UInt32((uint)flags), cancellationToken);

    /// <summary>Pauses the domain (<c>virDomainSuspend</c>).</summary>
    public Task SuspendAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainSuspend, new XdrWriter().Domain(domain), cancellationToken);

    /// <summary>Lets a paused domain go on (<c>virDomainResume</c>).</summary>
    public Task ResumeAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainResume, new XdrWriter().Domain(domain), cancellationToken);

    /// <summary>Removes the definition; a running domain becomes transient (<c>virDomainUndefineFlags</c>). Disks stay.</summary>
    public Task UndefineAsync(DomainRef domain, DomainUndefineFlags flags = DomainUndefineFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainUndefineFlags, new XdrWriter().Domain(domain).UInt32((uint)flags), cancellationToken);

    /// <summary>Whether the domain starts with the host (<c>virDomainGetAutostart</c>).</summary>
    public Task<bool> GetAutostartAsync(DomainRef domain, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.DomainGetAutostart, new XdrWriter().Domain(domain), Replies.Truth, cancellationToken);

    /// <summary>Sets whether the domain starts with the host (<c>virDomainSetAutostart</c>).</summary>
    public Task SetAutostartAsync(DomainRef domain, bool autostart, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainSetAutostart, new XdrWriter().Domain(domain).Truth(autostart), cancellationToken);
}
