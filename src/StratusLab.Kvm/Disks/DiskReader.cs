using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Hands out the disks of VMs that are off.</summary>
/// <remarks>
/// What is sent is a copy: it stands by itself, and has no room for what the guest has freed. It is named as a volume of another attempt at
/// the VM, so that it goes with the VM, should nobody be left to remove it.
/// </remarks>
internal sealed class DiskReader(HostConnection host, DiskCopier copier)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<Stream> OpenAsync(VmId vm, CancellationToken cancellationToken)
    {
        var (source, pool) = await host.CallAsync(
            async connection => (
                await DiskSource.FindAsync(host.Definition, connection, vm.Key, cancellationToken).ConfigureAwait(false),
                await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        if (source.IsOn)
            throw new StratusException("VmStateInvalid", StratusErrorKind.InvalidState, $"VM '{source.Domain.Name}' is not off, so that its disk cannot be read. Stop it first.") { Resource = vm.ToString() };
        var volume = VolumeNames.New(source.Domain.Uuid).Disk;
        LibvirtConnection? connection = null;
        try
        {
            await copier.CopyAsync(source, pool, volume, cancellationToken).ConfigureAwait(false);
            connection = await host.OpenAsync(cancellationToken).ConfigureAwait(false);
            return new DiskStream(await connection.Volumes.OpenDownloadAsync(pool.VolumeOf(volume), cancellationToken: cancellationToken).ConfigureAwait(false), CloseAsync);
        }
        catch (Exception e)
        {
            await CloseAsync().ConfigureAwait(false);
            if (e is LibvirtException refused) throw HostErrors.Translate(refused, host.Definition);
            throw;
        }

        async ValueTask CloseAsync()
        {
            if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await host.CallAsync(c => VolumeRemoval.DeleteAsync(c, pool.Ref, volume, patience.Token), patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is StratusException or OperationCanceledException)
            {
                // It goes with the VM.
            }
        }
    }
}
