using System.Collections.Concurrent;
using System.Net;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>
/// Addresses of guests: one call per network for all its DHCP leases, and calls per guest only where that tells nothing. A lease is
/// written down after the guest has got it, and not every network gives leases: the guest's own agent knows its address all the same.
/// </summary>
internal sealed class AddressBook(LibvirtConnection connection, CancellationToken cancellationToken)
{
    // An agent that was connected and hangs must not hold up a list of others.
    private static readonly TimeSpan AgentLimit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Lazy<Task<ILookup<string, string>?>>> _leases = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<IPAddress>> FindAsync(DomainView domain)
    {
        if (domain.Nics.Count == 0) return [];
        var found = new List<string>();
        var asksHost = false;
        foreach (var nic in domain.Nics)
        {
            var leases = nic.Network is { } network ? await LeasesAsync(network).ConfigureAwait(false) : null;
            asksHost |= leases is null;
            if (leases is not null) found.AddRange(leases[nic.HardwareAddress.ToLowerInvariant()]);
        }

        if (found.Count == 0 && asksHost) found.AddRange(await AskAsync(domain, DomainAddressSource.Lease, cancellationToken).ConfigureAwait(false));
        if (found.Count == 0 && domain.HasAgent) found.AddRange(await AskAgentAsync(domain).ConfigureAwait(false));
        if (found.Count == 0) found.AddRange(await AskAsync(domain, DomainAddressSource.Arp, cancellationToken).ConfigureAwait(false));
        return GuestAddresses.Select(found);
    }

    /// <summary>Addresses by MAC address. A guest that asked twice under two identifiers has two leases, and uses the later one.</summary>
    internal static ILookup<string, string> ByHardwareAddress(IEnumerable<DhcpLease> leases) => leases
        .Where(lease => lease.HardwareAddress is not null)
        .OrderByDescending(lease => lease.ExpiresAt ?? DateTimeOffset.MaxValue)
        .ToLookup(lease => lease.HardwareAddress!.ToLowerInvariant(), lease => lease.Address, StringComparer.Ordinal);

    private Task<ILookup<string, string>?> LeasesAsync(string network) =>
        _leases.GetOrAdd(network, name => new Lazy<Task<ILookup<string, string>?>>(() => ReadLeasesAsync(name))).Value;

    private async Task<ILookup<string, string>?> ReadLeasesAsync(string name)
    {
        try
        {
            var network = await connection.Networks.LookupByNameAsync(name, cancellationToken).ConfigureAwait(false);
            return ByHardwareAddress(await connection.Networks.GetDhcpLeasesAsync(network, cancellationToken: cancellationToken).ConfigureAwait(false));
        }
        catch (LibvirtServerException)
        {
            // The network is gone or off, or the driver keeps no leases by network.
            return null;
        }
    }

    private async Task<IEnumerable<string>> AskAgentAsync(DomainView domain)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AgentLimit);
        try
        {
            return await AskAsync(domain, DomainAddressSource.Agent, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private async Task<IEnumerable<string>> AskAsync(DomainView domain, DomainAddressSource source, CancellationToken token)
    {
        try
        {
            var interfaces = await connection.Domains.GetInterfaceAddressesAsync(new DomainRef(domain.Name, domain.Uuid), source, token).ConfigureAwait(false);

            // A guest has interfaces that the host did not give it, such as the bridge of its own containers.
            return interfaces
                .Where(i => i.HardwareAddress is null || domain.Nics.Any(nic => string.Equals(nic.HardwareAddress, i.HardwareAddress, StringComparison.OrdinalIgnoreCase)))
                .SelectMany(i => i.Addresses)
                .Select(a => a.Address);
        }
        catch (LibvirtServerException)
        {
            // It has stopped meanwhile, or the driver does not know this source.
            return [];
        }
    }
}
