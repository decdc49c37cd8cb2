using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Brings a VM that the host knows to run.</summary>
/// <remarks>
/// A creation begins with a transient domain, held at its first instruction, and ends with its definition. A transient domain of ours is
/// therefore one whose creation has not ended; whoever meets it may end it, also beside its maker: each step may be done twice.
/// </remarks>
internal static class VmStart
{
    /// <summary>Starts the VM unless it runs. Two who start it at once both succeed.</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoDomain"/> when there is none, or no more.</exception>
    public static async Task<VirtualMachine> EnsureAsync(HostConnection host, LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        if (!await connection.Domains.IsPersistentAsync(domain, cancellationToken).ConfigureAwait(false))
            return await FinishAsync(host, connection, domain, cancellationToken).ConfigureAwait(false);
        try
        {
            await connection.Domains.StartAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.OperationInvalid && e.Message.Contains("already running", StringComparison.Ordinal))
        {
            await ResumeAsync(connection, domain, cancellationToken).ConfigureAwait(false);
        }

        return await ReadAsync(host, connection, domain, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the VM's creation if it has not ended; one that was stopped or suspended since stays as it is.</summary>
    /// <inheritdoc cref="EnsureAsync"/>
    public static async Task<VirtualMachine> EnsureOnceAsync(HostConnection host, LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken) =>
        await connection.Domains.IsPersistentAsync(domain, cancellationToken).ConfigureAwait(false)
            ? await ReadAsync(host, connection, domain, cancellationToken).ConfigureAwait(false)
            : await FinishAsync(host, connection, domain, cancellationToken).ConfigureAwait(false);

    /// <summary>Lets a held guest go and makes its definition last.</summary>
    public static async Task FinishAsync(LibvirtConnection connection, DomainRef domain, string xml, CancellationToken cancellationToken)
    {
        await ResumeAsync(connection, domain, cancellationToken).ConfigureAwait(false);
        await connection.Domains.DefineAsync(xml, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static async Task<VirtualMachine> FinishAsync(HostConnection host, LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        var xml = await connection.Domains.GetXmlAsync(domain, DomainXmlFlags.Inactive | DomainXmlFlags.Secure, cancellationToken).ConfigureAwait(false);
        await FinishAsync(connection, domain, xml, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(host, connection, domain, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ResumeAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Domains.ResumeAsync(domain, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.OperationInvalid)
        {
            switch (await DomainLookup.StateAsync(connection, domain, cancellationToken).ConfigureAwait(false))
            {
                case DomainState.Paused:
                    throw;
                case null or DomainState.ShutOff or DomainState.Crashed:
                    // Its start has failed, or it has stopped, and what is transient goes with that.
                    throw new LibvirtServerException(LibvirtErrorCode.NoDomain, e.Domain, e.Level, e.Text);
                default:
                    // It runs already, which is what was asked for.
                    break;
            }
        }
    }

    private static async Task<VirtualMachine> ReadAsync(HostConnection host, LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        var xml = connection.Domains.GetXmlAsync(domain, cancellationToken: cancellationToken);
        var status = await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false);
        return VmView.Of(host.Definition.Name, DomainXmlReader.Read(await xml.ConfigureAwait(false)), VmView.StateOf(status.State), []);
    }
}
