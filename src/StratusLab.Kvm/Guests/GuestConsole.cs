using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Opens serial consoles and what the host has kept of them.</summary>
internal sealed class GuestConsole(HostConnection host)
{
    public Task<Stream> OpenAsync(VmId vm, CancellationToken cancellationToken) => host.CallAsync<Stream>(
        async connection =>
        {
            var (domain, _) = await DomainLookup.RequireManagedAsync(host.Definition, connection, vm.Key, cancellationToken).ConfigureAwait(false);
            return await connection.Domains.OpenConsoleAsync(domain, flags: DomainConsoleFlags.Force, cancellationToken: cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<Stream> OpenLogAsync(VmId vm, CancellationToken cancellationToken) => host.CallAsync<Stream>(
        async connection =>
        {
            var (_, view) = await DomainLookup.RequireManagedAsync(host.Definition, connection, vm.Key, cancellationToken).ConfigureAwait(false);
            if (view.Volumes is not { } volumes) return Stream.Null;
            var log = new StorageVolumeRef(view.Metadata?.Pool ?? host.Definition.Pool, volumes.ConsoleLog, "");
            try
            {
                return await connection.Volumes.OpenDownloadAsync(log, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.NoStorageVol or LibvirtErrorCode.NoStoragePool)
            {
                return Stream.Null;
            }
        },
        cancellationToken);
}
