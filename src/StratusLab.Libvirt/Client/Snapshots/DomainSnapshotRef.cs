namespace StratusLab.Libvirt;

/// <summary>A snapshot of a domain as libvirt names it (<c>remote_nonnull_domain_snapshot</c>).</summary>
/// <param name="Name">The snapshot's name, unique within its domain.</param>
/// <param name="Domain">Its domain.</param>
public readonly record struct DomainSnapshotRef(string Name, DomainRef Domain);
