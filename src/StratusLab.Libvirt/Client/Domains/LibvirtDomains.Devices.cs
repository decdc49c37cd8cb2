using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

public sealed partial class LibvirtDomains
{
    /// <summary>Attaches a device given as XML (<c>virDomainAttachDeviceFlags</c>).</summary>
    public Task AttachDeviceAsync(DomainRef domain, string xml, DomainDeviceFlags flags = DomainDeviceFlags.Current, CancellationToken cancellationToken = default) =>
        ChangeDeviceAsync(RemoteProcedure.DomainAttachDeviceFlags, domain, xml, flags, cancellationToken);

    /// <summary>Detaches a device (<c>virDomainDetachDeviceFlags</c>). In a running guest it is gone when <see cref="DomainDeviceRemovedEvent"/> tells so.</summary>
    public Task DetachDeviceAsync(DomainRef domain, string xml, DomainDeviceFlags flags = DomainDeviceFlags.Current, CancellationToken cancellationToken = default) =>
        ChangeDeviceAsync(RemoteProcedure.DomainDetachDeviceFlags, domain, xml, flags, cancellationToken);

    /// <summary>Changes a device, such as the medium of a drive (<c>virDomainUpdateDeviceFlags</c>).</summary>
    public Task UpdateDeviceAsync(DomainRef domain, string xml, DomainDeviceFlags flags = DomainDeviceFlags.Current, CancellationToken cancellationToken = default) =>
        ChangeDeviceAsync(RemoteProcedure.DomainUpdateDeviceFlags, domain, xml, flags, cancellationToken);

    /// <summary>Sets the number of virtual CPUs (<c>virDomainSetVcpusFlags</c>).</summary>
    public Task SetVcpusAsync(DomainRef domain, int count, DomainVcpuFlags flags = DomainVcpuFlags.Current, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return _rpc.CommandAsync(RemoteProcedure.DomainSetVcpusFlags, new XdrWriter().Domain(domain).UInt32((uint)count).UInt32((uint)flags), cancellationToken);
    }

    /// <summary>Sets the memory size (<c>virDomainSetMemoryFlags</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="memory">The size in KiB.</param>
    /// <param name="flags">Which size.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task SetMemoryAsync(DomainRef domain, ulong memory, DomainMemoryFlags flags = DomainMemoryFlags.Current, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainSetMemoryFlags, new XdrWriter().Domain(domain).UInt64(memory).UInt32((uint)flags), cancellationToken);

    private Task ChangeDeviceAsync(RemoteProcedure procedure, DomainRef domain, string xml, DomainDeviceFlags flags, CancellationToken cancellationToken) =>
        _rpc.CommandAsync(procedure, new XdrWriter(xml.Length + 64).Domain(domain).String(xml).UInt32((uint)flags), cancellationToken);
}
