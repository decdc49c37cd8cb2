using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

public sealed partial class LibvirtDomains
{
    /// <summary>Gets one piece of metadata (<c>virDomainGetMetadata</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="type">Title, description, or an XML element of a namespace.</param>
    /// <param name="namespaceUri">The element's namespace; <see langword="null"/> for title and description.</param>
    /// <param name="affect">Of the running domain, of its definition, or whichever is current.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoDomainMetadata"/> when there is none.</exception>
    public Task<string> GetMetadataAsync(
        DomainRef domain,
        DomainMetadataType type,
        string? namespaceUri = null,
        DomainAffectFlags affect = DomainAffectFlags.Current,
        CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter().Domain(domain).Int32((int)type).OptionalString(namespaceUri).UInt32((uint)affect);
        return _rpc.QueryAsync(RemoteProcedure.DomainGetMetadata, arguments, Replies.String, cancellationToken);
    }

    /// <summary>Sets or removes one piece of metadata (<c>virDomainSetMetadata</c>).</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="type">Title, description, or an XML element of a namespace.</param>
    /// <param name="metadata">The text or the XML element; <see langword="null"/> removes it.</param>
    /// <param name="prefix">The namespace's prefix in the domain's XML; <see langword="null"/> for title and description.</param>
    /// <param name="namespaceUri">The element's namespace; <see langword="null"/> for title and description.</param>
    /// <param name="affect">In the running domain, its definition, or whichever is current.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task SetMetadataAsync(
        DomainRef domain,
        DomainMetadataType type,
        string? metadata,
        string? prefix = null,
        string? namespaceUri = null,
        DomainAffectFlags affect = DomainAffectFlags.Current,
        CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter()
            .Domain(domain)
            .Int32((int)type)
            .OptionalString(metadata)
            .OptionalString(prefix)
            .OptionalString(namespaceUri)
            .UInt32((uint)affect);
        return _rpc.CommandAsync(RemoteProcedure.DomainSetMetadata, arguments, cancellationToken);
    }
}
