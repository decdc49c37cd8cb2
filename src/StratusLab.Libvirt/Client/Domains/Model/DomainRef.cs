namespace StratusLab.Libvirt;

/// <summary>
/// A domain as libvirt names it (<c>remote_nonnull_domain</c>). Servers find the domain by its UUID, so that a reference may be
/// made from a known UUID without a lookup.
/// </summary>
/// <param name="Name">The domain's name.</param>
/// <param name="Uuid">The domain's identity.</param>
/// <param name="Id">The number of its running instance, -1 when it does not run.</param>
public readonly record struct DomainRef(string Name, Guid Uuid, int Id = -1)
{
    /// <summary>Whether the domain ran when the reference was made.</summary>
    public bool IsActive => Id >= 0;
}
