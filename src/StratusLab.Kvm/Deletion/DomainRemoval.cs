using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Removes a domain with all that libvirt keeps beside it.</summary>
internal static class DomainRemoval
{
    private const DomainUndefineFlags Everything =
        DomainUndefineFlags.ManagedSave | DomainUndefineFlags.SnapshotsMetadata | DomainUndefineFlags.CheckpointsMetadata | DomainUndefineFlags.Nvram;

    /// <summary>Cuts the power, if it is on, and removes the definition, if there is one.</summary>
    public static async Task RemoveAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        await VmPower.CutAsync(connection, domain, cancellationToken).ConfigureAwait(false);
        await UndefineAsync(connection, domain, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the definition; that there is none is a success.</summary>
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
