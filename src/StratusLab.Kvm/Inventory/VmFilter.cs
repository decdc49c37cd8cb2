using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>Whether a domain is one that a query asks for.</summary>
/// <param name="query">The query.</param>
/// <param name="uuids">The identities that it allows; null for any.</param>
internal sealed class VmFilter(VmQuery query, HashSet<Guid>? uuids)
{
    private readonly HashSet<string>? _names = query.Names.Count > 0 ? query.Names.ToHashSet(StringComparer.Ordinal) : null;

    public bool Takes(DomainView domain) =>
        (query.IncludeUnmanaged || domain.Metadata is not null)
        && (_names is null || _names.Contains(domain.Name))
        && (uuids is null || uuids.Contains(domain.Uuid));
}
