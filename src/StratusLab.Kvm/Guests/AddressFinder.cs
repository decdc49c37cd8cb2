using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Looks for a VM's addresses at all sources at once, and says which knew none.</summary>
internal sealed class AddressFinder(HostConnection host)
{
    /// <summary>An agent that stops in the middle of an answer keeps libvirt waiting without limit.</summary>
    private static readonly TimeSpan AgentPatience = TimeSpan.FromSeconds(10);

    public Task<AddressReport> FindAsync(VmId vm, CancellationToken cancellationToken) =>
        host.CallAsync(connection => FindAsync(connection, vm, cancellationToken), cancellationToken);

    private async Task<AddressReport> FindAsync(LibvirtConnection connection, VmId vm, CancellationToken cancellationToken)
    {
        var domain = DomainLookup.Reference(host.Definition, vm.Key);
        var status = connection.Domains.GetStateAsync(domain, cancellationToken);
        var view = await DomainLookup.FindAsync(connection, domain, cancellationToken).ConfigureAwait(false) ?? throw HostErrors.VmNotFound(host.Definition, vm.Key);
        var state = VmView.StateOf((await status.ConfigureAwait(false)).State);
        if (state != VmState.Running) return new AddressReport([], [$"VM '{view.Name}' is {state.ToString().ToLowerInvariant()}"]);

        var nics = string.Join(", ", view.Nics.Select(n => n.HardwareAddress));
        var networks = string.Join(", ", view.Nics.Select(n => $"'{n.Network}'").Distinct(StringComparer.Ordinal));
        var answers = await Task.WhenAll(
            AskAsync(connection, domain, DomainAddressSource.Lease, $"no DHCP lease on network {networks} for {nics}", cancellationToken),
            AskAsync(connection, domain, DomainAddressSource.Agent, "the guest agent does not answer", cancellationToken),
            AskAsync(connection, domain, DomainAddressSource.Arp, $"the host's ARP table has no entry for {nics}", cancellationToken)).ConfigureAwait(false);
        return new AddressReport(GuestAddresses.Select(answers.SelectMany(a => a.Addresses)), [.. answers.Select(a => a.Missing).OfType<string>()]);
    }

    private static async Task<(IReadOnlyList<string> Addresses, string? Missing)> AskAsync(
        LibvirtConnection connection, DomainRef domain, DomainAddressSource source, string missing, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (source == DomainAddressSource.Agent) limit.CancelAfter(AgentPatience);
        try
        {
            var interfaces = await connection.Domains.GetInterfaceAddressesAsync(domain, source, limit.Token).ConfigureAwait(false);
            var addresses = interfaces.SelectMany(i => i.Addresses).Select(a => a.Address).ToList();
            return (addresses, GuestAddresses.Select(addresses).Count == 0 ? missing : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], missing);
        }
        catch (LibvirtServerException e)
        {
            return ([], e.Code is LibvirtErrorCode.AgentUnresponsive or LibvirtErrorCode.OperationInvalid ? missing : $"{missing} ({e.Message})");
        }
    }
}
