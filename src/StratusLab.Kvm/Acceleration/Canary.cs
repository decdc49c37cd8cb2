using System.Text;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>
/// Runs a tiny guest under KVM to see whether it works: a <c>/dev/kvm</c> that exists may hang, or emulate every instruction.
/// The guest is transient and ends with its connection, so that nothing of it stays.
/// </summary>
internal sealed class Canary(HostConnection host)
{
    private const string Volume = "stratus-canary.img";

    /// <summary>All in all. A healthy host needs a second or two; where KVM is odd, libvirt itself may take minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<CanaryVerdict> RunAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        if (host.Uri.Driver != "qemu") return Tcg($"the '{host.Uri.Driver}' driver has no hardware virtualisation");
        var capabilities = HostCapabilities.Parse(await connection.Node.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false));
        if (!capabilities.OffersKvm) return Tcg("libvirt offers no KVM on this host; is /dev/kvm there and open to QEMU's user?");
        if (capabilities.Architecture != "x86_64") return new CanaryVerdict(Accelerator.Kvm, $"libvirt offers KVM; there is no canary guest for {capabilities.Architecture}");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await TryAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Tcg($"a canary guest did not run under KVM within {Patience.TotalSeconds:0} s");
        }
        catch (LibvirtServerException e)
        {
            return Tcg($"a canary guest could not be started under KVM: {e.Message}");
        }
        catch (StratusException e) when (e.Kind is StratusErrorKind.NotFound or StratusErrorKind.InvalidState or StratusErrorKind.NotSupported)
        {
            return Tcg($"no canary guest could be tried: {e.Message}");
        }
    }

    private static CanaryVerdict Tcg(string reason) => new(Accelerator.Tcg, reason);

    private async Task<CanaryVerdict> TryAsync(CancellationToken cancellationToken)
    {
        // Its own connection: the guest is bound to it, and a libvirt that is busy probing KVM holds up nobody else.
        var connection = await host.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
            await VolumeRemoval.DeleteAsync(connection, pool.Ref, Volume, cancellationToken).ConfigureAwait(false);
            var disk = CanaryProgram.Disk();
            await connection.Volumes.CreateAsync(pool.Ref, VolumeXml.Raw(Volume, disk.Length, "0600"), cancellationToken: cancellationToken).ConfigureAwait(false);
            try
            {
                using var content = new MemoryStream(disk, writable: false);
                await connection.Volumes.UploadAsync(pool.VolumeOf(Volume), content, new VolumeTransferOptions { Sparse = true }, cancellationToken).ConfigureAwait(false);
                await RunGuestAsync(connection, pool.PathOf(Volume), cancellationToken).ConfigureAwait(false);
                return new CanaryVerdict(Accelerator.Kvm, "a canary guest ran under KVM");
            }
            finally
            {
                await CleanUpAsync(pool).ConfigureAwait(false);
            }
        }
    }

    private static async Task RunGuestAsync(LibvirtConnection connection, string disk, CancellationToken cancellationToken)
    {
        // Paused until somebody listens, and gone when the connection goes.
        var domain = await connection.Domains.CreateTransientAsync(
            Definition(disk), DomainStartFlags.AutoDestroy | DomainStartFlags.Paused, cancellationToken).ConfigureAwait(false);
        var console = await connection.Domains.OpenConsoleAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (console.ConfigureAwait(false))
        {
            await connection.Domains.ResumeAsync(domain, cancellationToken).ConfigureAwait(false);
            var heard = new StringBuilder();
            var buffer = new byte[256];
            while (!heard.ToString().Contains(CanaryProgram.Success, StringComparison.Ordinal))
            {
                var count = await console.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0) throw new OperationCanceledException("The console ended.");
                heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (heard.Length > 4096) heard.Remove(0, heard.Length - 512);
            }
        }

        await connection.Domains.DestroyAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private async Task CleanUpAsync(VolumePool pool)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await host.CallAsync(connection => VolumeRemoval.DeleteAsync(connection, pool.Ref, Volume, patience.Token), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            // The next canary replaces it.
        }
    }

    private static string Definition(string disk) =>
        $"""
        <domain type='kvm'>
          <name>stratus-canary-{Guid.NewGuid():N}</name>
          <memory unit='MiB'>64</memory>
          <vcpu>1</vcpu>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <features><acpi/><apic/></features>
          <cpu mode='host-passthrough'/>
          <devices>
            <disk type='file' device='disk'>
              <driver name='qemu' type='raw'/><source file='{System.Security.SecurityElement.Escape(disk)}'/><target dev='vda' bus='virtio'/>
            </disk>
            <serial type='pty'/>
            <controller type='usb' model='none'/>
            <memballoon model='none'/>
          </devices>
        </domain>
        """;
}
