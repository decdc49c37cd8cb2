using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>A VM whose disk is to be read.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="View">What its XML says.</param>
/// <param name="Volume">The volume that holds its disk.</param>
/// <param name="Capacity">The size that the guest sees, in bytes.</param>
/// <param name="State">What the VM is at.</param>
internal sealed record DiskSource(DomainRef Domain, DomainView View, StorageVolumeRef Volume, long Capacity, DomainState State)
{
    /// <summary>Whether a hypervisor has the disk open.</summary>
    public bool IsOn => State is not (DomainState.ShutOff or DomainState.Crashed);

    /// <summary>Whether a guest agent can be asked.</summary>
    public bool HasAgent => View.HasAgent && State is (DomainState.Running or DomainState.Blocked);

    /// <summary>Looks the VM up.</summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>, <c>VmNotManaged</c>, or <c>DiskNotFound</c>.</exception>
    public static async Task<DiskSource> FindAsync(HostDefinition host, LibvirtConnection connection, string key, CancellationToken cancellationToken)
    {
        var (domain, view) = await DomainLookup.RequireManagedAsync(host, connection, key, cancellationToken).ConfigureAwait(false);
        if (view is not { Volumes: { } names, Metadata.Pool: { } pool }) throw NoDisk(host, view.Name, "its metadata does not name it");
        try
        {
            var place = await connection.Pools.LookupByNameAsync(pool, cancellationToken).ConfigureAwait(false);
            var volume = await connection.Volumes.LookupByNameAsync(place, names.Disk, cancellationToken).ConfigureAwait(false);
            var info = await connection.Volumes.GetInfoAsync(volume, cancellationToken).ConfigureAwait(false);
            var state = (await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false)).State;
            return new DiskSource(domain, view, volume, (long)info.Capacity, state);
        }
        catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.NoStoragePool or LibvirtErrorCode.NoStorageVol)
        {
            throw NoDisk(host, view.Name, e.Message.TrimEnd('.'));
        }
    }

    private static StratusException NoDisk(HostDefinition host, string vm, string why) =>
        new("DiskNotFound", StratusErrorKind.NotFound, $"The disk of VM '{vm}' on host '{host.Name}' cannot be found: {why}.") { Resource = $"{host.Name}/{vm}" };
}
