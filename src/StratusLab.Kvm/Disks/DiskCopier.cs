using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>
/// Copies a VM's disk into a volume that stands by itself, on the host: by the storage driver while the VM is off, by the hypervisor
/// while it is on. A copy may take as long as it makes headway.
/// </summary>
internal sealed class DiskCopier(HostConnection host)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Makes the copy.</summary>
    /// <exception cref="LibvirtServerException">The host refused. The volume may be there.</exception>
    public async Task CopyAsync(DiskSource source, VolumePool pool, string volume, CancellationToken cancellationToken)
    {
        // A connection of its own, so that other calls do not wait for this one.
        var connection = await host.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (source.IsOn) await new DiskMirror(host, source, pool, volume).RunAsync(connection, cancellationToken).ConfigureAwait(false);
            else await CloneAsync(connection, source, pool, volume, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CloneAsync(LibvirtConnection connection, DiskSource source, VolumePool pool, string volume, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var cloning = connection.Volumes.CloneAsync(pool.Ref, VolumeXml.Qcow2(volume, source.Capacity), source.Volume, cancellationToken: end.Token);
        try
        {
            var headway = new Headway(host);
            while (await Task.WhenAny(cloning, Task.Delay(LookAgain, cancellationToken)).ConfigureAwait(false) != cloning)
            {
                cancellationToken.ThrowIfCancellationRequested();
                headway.Note(await AllocationAsync(pool.VolumeOf(volume), cancellationToken).ConfigureAwait(false));
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)cloning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await cloning.ConfigureAwait(false);
    }

    private async Task<ulong> AllocationAsync(StorageVolumeRef volume, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await host.GetAsync(cancellationToken).ConfigureAwait(false);
            return (await connection.Volumes.GetInfoAsync(volume, cancellationToken).ConfigureAwait(false)).Allocation;
        }
        catch (LibvirtServerException)
        {
            // It is not there yet.
            return 0;
        }
    }
}
