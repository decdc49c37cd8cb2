using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Brings a VM that is already defined to run.</summary>
internal static class VmStart
{
    /// <summary>Starts the VM unless it runs. Two who start it at once both succeed.</summary>
    public static async Task<VirtualMachine> EnsureAsync(HostConnection host, LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Domains.StartAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.OperationInvalid && e.Message.Contains("already running", StringComparison.Ordinal))
        {
            // That is what was asked for, unless its creation was interrupted while it was held.
            if ((await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false)).State == DomainState.Paused)
                await connection.Domains.ResumeAsync(domain, cancellationToken).ConfigureAwait(false);
        }

        return await ReadAsync(host, connection, domain, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the VM if it never ran; one that was stopped since stays as it is.</summary>
    public static async Task<VirtualMachine> EnsureOnceAsync(HostConnection host, LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        // libvirt knows no reason (VIR_DOMAIN_SHUTOFF_UNKNOWN) why a domain is off that was only defined.
        const int ReasonUnknown = 0;
        var status = await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false);
        return status is { State: DomainState.ShutOff, Reason: ReasonUnknown }
            ? await EnsureAsync(host, connection, domain, cancellationToken).ConfigureAwait(false)
            : await ReadAsync(host, connection, domain, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<VirtualMachine> ReadAsync(HostConnection host, LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        var xml = connection.Domains.GetXmlAsync(domain, cancellationToken: cancellationToken);
        var status = await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false);
        return VmView.Of(host.Definition.Name, DomainXmlReader.Read(await xml.ConfigureAwait(false)), VmView.StateOf(status.State), []);
    }
}
