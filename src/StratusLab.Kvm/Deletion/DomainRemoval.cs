using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Removes the definition of a domain with all that libvirt keeps beside it.</summary>
internal static class DomainRemoval
{
    private const DomainUndefineFlags Everything =
        DomainUndefineFlags.ManagedSave | DomainUndefineFlags.SnapshotsMetadata | DomainUndefineFlags.CheckpointsMetadata | DomainUndefineFlags.Nvram;

    public static async Task UndefineAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Domains.UndefineAsync(domain, Everything, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            // Gone already.
        }
        catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.InvalidArg or LibvirtErrorCode.NoSupport)
        {
            // A driver that keeps nothing beside the definition knows none of the flags.
            await connection.Domains.UndefineAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
