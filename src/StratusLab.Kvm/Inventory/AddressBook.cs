using System.Collections.Concurrent;
using System.Net;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Addresses of guests: one call per network for all its DHCP leases, and a call per guest only where that tells nothing.</summary>
internal sealed class AddressBook(LibvirtConnection connection, CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ILookup<string, string>?>>> _leases = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<IPAddress>> FindAsync(DomainView domain)
    {
        if (domain.Nics.Count == 0) return [];
        var found = new List<string>();
        var asksGuest = false;
        foreach (var nic in domain.Nics)
        {
            var leases = nic.Network is { } network ? await LeasesAsync(network).ConfigureAwait(false) : null;
            asksGuest |= leases is null;
            if (leases is not null) found.AddRange(leases[nic.HardwareAddress.ToLowerInvariant()]);
        }

        if (found.Count == 0 && asksGuest) found.AddRange(await AskAsync(domain, DomainAddressSource.Lease).ConfigureAwait(false));
        if (found.Count == 0) found.AddRange(await AskAsync(domain, DomainAddressSource.Arp).ConfigureAwait(false));
        return GuestAddresses.Select(found);
    }

    private Task<ILookup<string, string>?> LeasesAsync(string network) =>
        _leases.GetOrAdd(network, name => new Lazy<Task<ILookup<string, string>?>>(() => ReadLeasesAsync(name))).Value;

    private async Task<ILookup<string, string>?> ReadLeasesAsync(string name)
    {
        try
        {
            var network = await connection.Networks.LookupByNameAsync(name, cancellationToken).ConfigureAwait(false);
            var leases = await connection.Networks.GetDhcpLeasesAsync(network, cancellationToken: cancellationToken).ConfigureAwait(false);
            return leases.Where(l => l.HardwareAddress is not null).ToLookup(l => l.HardwareAddress!.ToLowerInvariant(), l => l.Address, StringComparer.Ordinal);
        }
        catch (LibvirtServerException)
        {
            // The network is gone or off, or the driver keeps no leases by network.
            return null;
        }
    }

    private async Task<IEnumerable<string>> AskAsync(DomainView domain, DomainAddressSource source)
    {
        try
        {
            var interfaces = await connection.Domains.GetInterfaceAddressesAsync(new DomainRef(domain.Name, domain.Uuid), source, cancellationToken).ConfigureAwait(false);
            return interfaces.SelectMany(i => i.Addresses).Select(a => a.Address);
        }
        catch (LibvirtServerException)
        {
            // It has stopped meanwhile, or the driver does not know this source.
            return [];
        }
    }
}
