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
            var (domain, view) = await DomainLookup.RequireManagedAsync(host.Definition, connection, vm.Key, cancellationToken).ConfigureAwait(false);
            var log = new StorageVolumeRef(view.Metadata?.Pool ?? host.Definition.Pool, new VmNames(domain.Uuid).ConsoleLog, "");
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
