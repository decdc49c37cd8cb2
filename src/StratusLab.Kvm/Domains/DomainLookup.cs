using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Finds a domain by its key, and sees to it that only what StratusLab made is changed.</summary>
internal static class DomainLookup
{
    /// <summary>The domain of a key. No call is made: a server finds a domain by its UUID.</summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>: the key is none of a libvirt host.</exception>
    public static DomainRef Reference(HostDefinition host, string key) =>
        Guid.TryParseExact(key, "D", out var uuid) ? new DomainRef(key, uuid) : throw HostErrors.VmNotFound(host, key);

    /// <summary>Reads a domain; null if there is none.</summary>
    public static async Task<DomainView?> FindAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            return DomainXmlReader.Read(await connection.Domains.GetXmlAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false));
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            return null;
        }
    }

    /// <summary>The state of a domain; null if there is none.</summary>
    public static async Task<DomainState?> StateAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false)).State;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            return null;
        }
    }

    /// <summary>Reads a domain that is about to be changed.</summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>, or <c>VmNotManaged</c>: it carries no metadata of ours.</exception>
    public static async Task<(DomainRef Domain, DomainView View)> RequireManagedAsync(HostDefinition host, LibvirtConnection connection, string key, CancellationToken cancellationToken)
    {
        var domain = Reference(host, key);
        var view = await FindAsync(connection, domain, cancellationToken).ConfigureAwait(false) ?? throw HostErrors.VmNotFound(host, key);
        return view.Metadata is null ? throw HostErrors.VmNotManaged(host, view.Name) : (domain with { Name = view.Name }, view);
    }
}
